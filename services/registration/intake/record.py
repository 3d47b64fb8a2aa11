"""The one way in: each event parsed and judged, persons sealed, what stands appended."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import prometheus_client

from services.events.envelope import Event
from services.messaging.log.entry import Appended, Entry, repeated
from services.messaging.log.event_log import EventLog
from services.platform.problems import Problem
from services.platform.process.telemetry import traceparent
from services.registration.intake.batches import in_batches
from services.registration.intake.body import Element
from services.registration.intake.context import Context
from services.registration.intake.corrections import Corrections
from services.registration.intake.draft import Draft, Upload
from services.registration.intake.fingerprint import says_what
from services.registration.intake.judge import Rules, judge
from services.registration.intake.parse import NotValid, Parsed, known_ids, parse
from services.registration.intake.persons import Candidate, Identity, PersonIdentifier
from services.registration.intake.problems import TOO_MANY_FAULTS
from services.registration.intake.refusals import Refusals, must_be_believable
from services.registration.intake.releases import Releases
from services.registration.intake.results import Result, ResultKind
from services.registration.intake.touching import taken_back, touch_of
from services.registration.subjects.actor import STAFF, Actor
from services.registration.subjects.folding import Decision
from services.registration.subjects.naming import subject_of
from services.registration.subjects.store import Store
from services.registration.subjects.subject import Decided

Identify = Callable[[Sequence[Candidate]], Awaitable[Sequence[Identity]]]
Trace = Mapping[str, str]

MAX_FAULTS = 2_000
"""A phone whose every event is wrong in four ways has these."""

INTAKE = prometheus_client.Counter("intake_events", "Events posted", ("result",))
for _kind in ResultKind:
    INTAKE.labels(_kind.value)  # so that the first of each is seen to grow


@dataclass(frozen=True)
class Intake:
    """Answers one result an event, in order; a success means that the event is durable."""

    rules: Rules
    persons: PersonIdentifier
    log: EventLog
    store: Store
    context: Context
    corrections: Corrections
    releases: Releases
    refusals: Refusals
    payload_key: bytes

    async def record(self, posted: Sequence[Element], upload: Upload) -> list[Result]:
        """Raises: Unavailable; all may then be posted again and nothing counts twice."""
        drafts = await self._drafts(posted, upload)
        await self._seal(drafts, self.persons.identify)
        await self._append_observed(drafts)
        await self._append_in_turn(drafts, upload)
        await self._remember_refused(drafts, upload)
        return _results(drafts)

    async def dry_run(self, posted: Sequence[Element], upload: Upload) -> list[Result]:
        """What `record` would answer; nothing is written."""
        drafts = await self._drafts(posted, upload)
        await self._seal(drafts, self.persons.look_up)
        for draft in drafts:
            if draft.entry and draft.outcome is None:
                draft.outcome = await self._would_be(draft, draft.entry, upload.actor)
        await self._recognise_repeated(drafts)
        return [draft.result for draft in drafts]

    async def _drafts(self, posted: Sequence[Element], upload: Upload) -> list[Draft]:
        """Each judged, until they have more faults together than any honest upload."""
        drafts: list[Draft] = []
        faults = 0
        for element in posted:
            if faults > MAX_FAULTS:
                draft = Draft(element, outcome=Problem(TOO_MANY_FAULTS))
            else:
                draft = self._draft(element, upload)
            faults += draft.outcome.faults if isinstance(draft.outcome, NotValid) else 0
            drafts.append(draft)
        await self._admit(drafts, upload.actor)
        return drafts

    def _draft(self, posted: Element, upload: Upload) -> Draft:
        draft = Draft(posted)
        try:
            if isinstance(posted, Problem):
                raise posted
            identify = partial(self.persons.candidate, met=_meets(upload.actor))
            parsed = parse(posted, self.payload_key, identify, upload.now)
            parsed.event = judge(parsed.event, upload.actor, self.rules, upload.offset, upload.now)
            draft.parsed = parsed
        except Problem as problem:
            draft.outcome = problem
        return draft

    async def _admit(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Whoever records in another's name is written down with the refusal that it answers."""
        for draft in drafts:
            if draft.parsed and draft.parsed.event.source != actor.source:
                parsed = draft.parsed
                try:
                    must_be_believable(await self.refusals.of(draft.id))
                    by = await self.refusals.admission(parsed, self.payload_key, actor)
                    parsed.event = parsed.event.model_copy(update={"admittedby": by})
                except Problem as problem:
                    draft.outcome = problem

    async def _seal(self, drafts: Sequence[Draft], identify: Identify) -> None:
        """Ids stand in place of persons; from here on no event holds anything personal."""
        standing = [(d, d.parsed) for d in drafts if d.parsed and d.outcome is None]
        persons = [parsed.person for _, parsed in standing if parsed.person]
        identities = iter(await identify(persons) if persons else ())
        trace = _trace()
        for draft, parsed in standing:
            if parsed.person:
                draft.entry = self._sealed(parsed, parsed.person, next(identities), trace)
            else:
                draft.entry = self._entry(parsed.event, parsed.payload_hash, trace)

    def _sealed(self, parsed: Parsed, person: Candidate, identity: Identity, trace: Trace) -> Entry:
        ids = known_ids(type(parsed.event), identity)
        data = parsed.event.data.model_copy(update=ids)
        event = parsed.event.model_copy(update={"data": data})
        contact = self.persons.contact(person, identity)
        return self._entry(event, parsed.payload_hash, trace, contact)

    def _entry(
        self, event: Event, payload_hash: bytes, trace: Trace, contact: bytes | None = None
    ) -> Entry:
        named = {"subject": subject_of(event, self.persons.signature_subject), **trace}
        decided = isinstance(self.rules.subjects[type(event)], Decided)
        return Entry(event.model_copy(update=named), payload_hash, decided, contact=contact)

    async def _append_observed(self, drafts: Sequence[Draft]) -> None:
        """All observed events of an upload that take nothing back share one write.

        An id that something else of the upload has too is answered in its turn.
        """
        others = {d.id for d in drafts if d.entry and not _stands_alone(d.entry)}
        observed = [
            (d, d.entry)
            for d in drafts
            if d.entry and _stands_alone(d.entry) and d.id not in others
        ]
        if not observed:
            return
        for (draft, _), appended in zip(
            observed, await self.log.append_all([entry for _, entry in observed]), strict=True
        ):
            draft.outcome = appended
        self.releases.soon([entry.event.id for _, entry in observed])

    async def _append_in_turn(self, drafts: Sequence[Draft], upload: Upload) -> None:
        left = [(d, d.entry.event) for d in drafts if d.entry and d.outcome is None]
        touches = {draft: touch_of(event, self.rules.subjects) for draft, event in left}
        posted = {draft.id: draft for draft in drafts}

        async def append(draft: Draft, entry: Entry) -> None:
            """What takes back something that was refused just now finds that kept."""
            target = posted.get(taken_back(entry.event) or "")
            if target and isinstance(target.outcome, Problem):
                await self._remember_refused([target], upload)
            await self._append_judged(draft, entry, upload.actor)

        await in_batches(list(touches), touches, append)

    async def _remember_refused(self, drafts: Sequence[Draft], upload: Upload) -> None:
        await self._recognise_repeated(drafts)
        self.releases.soon(await self.refusals.remember(drafts, upload))

    async def _append_judged(self, draft: Draft, entry: Entry, by: Actor) -> None:
        try:
            await self._check_context(draft, entry, by)
            draft.outcome = await self._judged(entry, by.source)
            self.releases.soon(filter(None, (entry.event.id, taken_back(entry.event))))
        except Problem as problem:
            draft.outcome = problem

    async def _judged(self, entry: Entry, by: str) -> Appended:
        if taken_back(entry.event):
            return await self.corrections.record(entry, by)
        return await self.store.record(self._decision(entry))

    def _decision(self, entry: Entry) -> Decision:
        return Decision(self.rules.subjects[type(entry.event)], entry)

    async def _check_context(self, draft: Draft, entry: Entry, by: Actor) -> None:
        """Raises: Problem."""
        person = draft.parsed.person if draft.parsed else None
        await self.context.check(entry.event, by, met=person is not None and _meets(by))

    async def _would_be(self, draft: Draft, entry: Entry, by: Actor) -> Appended | Problem:
        event = entry.event
        try:
            await self._check_context(draft, entry, by)
            if taken_back(event):
                await self.corrections.dry_run(entry, by.source)
            elif entry.decided:
                await self.store.dry_run(self._decision(entry))
        except Problem as problem:
            return problem
        known = await self.log.find(event.id)
        return repeated(entry.payload_hash, known.payload_hash) if known else Appended.ACCEPTED

    async def _recognise_repeated(self, drafts: Sequence[Draft]) -> None:
        """An id that is logged already is answered as such, whatever else is wrong with it."""
        for draft in drafts:
            doubtful = isinstance(draft.outcome, Problem) or draft.outcome is Appended.CONFLICT
            if doubtful and draft.id and not isinstance(draft.posted, Problem):
                known = await self.log.find(draft.id)
                if known:
                    same = says_what(draft.posted, self.payload_key, known.payload_hash)
                    draft.outcome = Appended.DUPLICATE if same else Appended.CONFLICT


def _trace() -> Trace:
    """What leads from all events of an upload to its request."""
    parent = traceparent()
    return {"traceparent": parent} if parent else {}


def _meets(actor: Actor) -> bool:
    """Whether it stands before a citizen: an office writes down what others say."""
    return actor.role not in STAFF


def _stands_alone(entry: Entry) -> bool:
    return not entry.decided and not taken_back(entry.event)


def _results(drafts: Sequence[Draft]) -> list[Result]:
    results = [draft.result for draft in drafts]
    for kind, count in Counter(result.result for result in results).items():
        INTAKE.labels(kind.value).inc(count)
    return results
