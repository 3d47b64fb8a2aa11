"""Intake over twins: what a poster sends and hears, in milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from services.events.envelope import BATCH_MEDIA_TYPE, Event
from services.messaging.log.stored import Stored
from services.registration.citizens.persons import Persons
from services.registration.citizens.vault import Keys
from services.registration.directory.rules import ward_problem
from services.registration.intake.body import unpack
from services.registration.intake.clock_correction import EARLIEST
from services.registration.intake.context import Context, PersonBehind
from services.registration.intake.corrections import Corrections
from services.registration.intake.draft import Upload
from services.registration.intake.judge import Rules
from services.registration.intake.record import Intake
from services.registration.intake.refusals import Refusals
from services.registration.intake.releases import Releases
from services.registration.intake.results import Result
from services.registration.slices import SUBJECTS
from services.registration.subjects.actor import Actor, Role
from tests.builders import CHO_LON, OFFICE, PHONE, SATURDAY
from tests.event_data import Json
from tests.twins.event_log import EventLogTwin
from tests.twins.refused_bodies import RefusedBodiesTwin
from tests.twins.row_store import MemoryRowStore
from tests.twins.rows import RowsTwin, StoreTwin

KEY = b"k" * 32
NOON = SATURDAY + timedelta(hours=4)


@dataclass(frozen=True)
class Poster:
    """Somebody with a role and wards; None covers the whole city."""

    role: Role = Role.VOLUNTEER
    source: str = PHONE
    wards: frozenset[str] | None = frozenset({CHO_LON})
    awaited: frozenset[str] = frozenset()
    """Wards to which a deployment may be on its way."""

    def may_post_as(self, source: str) -> bool:
        admits = self.role is Role.WARD and source.startswith("/device/")
        return admits or source == self.source

    def covers(self, event: Event) -> bool:
        return self.wards is None or event.ward in self.wards

    def may_cover_later(self, event: Event) -> bool:
        return event.ward in self.awaited


VOLUNTEER = Poster()
COORDINATOR = Poster(Role.WARD, OFFICE)


class Desk:
    """One registration with nothing in it yet."""

    def __init__(self, rows: RowsTwin | None = None, behind: PersonBehind | None = None) -> None:
        """`behind`: who enrolled a phone; each is its own unless it is handed in."""
        self.log = EventLogTwin()
        self.rows = rows or RowsTwin()
        self.kept = RefusedBodiesTwin()
        self.persons = MemoryRowStore()
        self.now = NOON
        store = StoreTwin(self.log, self.rows)
        refusals = Refusals(self.log, self.kept)
        corrections = Corrections(self.log, store, SUBJECTS, refusals, lambda: self.now)
        rules = Rules(SUBJECTS, ward_problem, EARLIEST)
        persons = Persons(self.persons, Keys(KEY, KEY, KEY), lambda: self.now)
        self.intake = Intake(
            rules=rules,
            persons=persons,
            log=self.log,
            store=store,
            context=Context(SUBJECTS, self.rows, persons, self.log, behind or _itself),
            corrections=corrections,
            releases=Releases(self.log, corrections, refusals),
            refusals=refusals,
            payload_key=KEY,
        )

    async def post(self, *events: Json | Event, by: Actor = VOLUNTEER) -> list[Result]:
        """One upload; a parsed event is posted as a client would have."""
        body = orjson.dumps([_as_posted(event) for event in events])
        return await self.send(body, by)

    async def send(self, body: bytes, by: Actor = VOLUNTEER, *, dry: bool = False) -> list[Result]:
        """The bytes of a batch."""
        elements = unpack(body, BATCH_MEDIA_TYPE, "")
        work = self.intake.dry_run if dry else self.intake.record
        results = await work(elements, Upload(by, self.now))
        await self.intake.releases.release_settled()
        return results

    async def stored(self, event_id: str) -> Stored:
        """Raises: LookupError."""
        found = await self.log.find(event_id)
        if found is None:
            raise LookupError(event_id)
        return found

    def published(self) -> list[Event]:
        """All that the relay would publish."""
        return [entry.event for entry in self.log.entries.values() if entry.pending]


def kinds(results: Sequence[Result]) -> list[str]:
    """`accepted`, or the code of what is wrong."""
    return [result.code or result.result.value for result in results]


async def _itself(source: str) -> str:
    return source


def _as_posted(event: Json | Event) -> Json:
    if not isinstance(event, Event):
        return event
    posted: dict[str, Any] = event.model_dump(mode="json", exclude_none=True)
    posted.pop("recordedtime", None)
    return posted
