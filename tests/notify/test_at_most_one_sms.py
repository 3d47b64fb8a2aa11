"""Invariant 3: at most one SMS for one reason, and an outcome for each, whatever happens."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.corrections import EventRefused, EventVoided
from services.events.envelope import Event
from services.events.signatures import SignatureIssued
from services.notify.arriving.inbox import Inbox
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import NOTIFICATIONS
from services.notify.notification.notification import notification_of
from services.notify.notification.occasions import About, reason_id
from services.notify.notification.states import State
from services.notify.providers.provider import Accepted, Outcome, Sms, SurelyNotAccepted, Unknown
from services.platform.personal_data.contact_wire import open_shared
from services.platform.unavailable import Unavailable
from tests.builders import SATURDAY, an_event_id, event, void
from tests.examples import examples
from tests.notify.harness import DELAY, WRAP_KEY, Kit, assisted, issued, sealed_contact
from tests.twins.ledger import LedgerTwin

T = TypeVar("T")
Visited = CitizenAssisted | SignatureIssued

CITIZENS = ("citizen-a", "citizen-b", "citizen-c")
PHONES = dict(zip(CITIZENS, ("0900000001", "0900000002", "0900000003"), strict=True))
OUTCOMES = frozenset(
    {
        State.SUPPRESSED,
        State.FAILED,
        State.UNKNOWN,
        State.UNCONFIRMED,
        State.DELIVERED,
        State.UNDELIVERED,
    }
)


class Killed(BaseException):
    """kill -9."""


class MortalLedger(LedgerTwin):
    """Its process may die before a transaction commits, or right after."""

    def __init__(self, kit: Kit, chance: random.Random) -> None:
        super().__init__(kit.log)
        self._chance = chance
        self.mortal = True
        self.died = asyncio.Event()

    async def transact(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        self._maybe_die()
        answer = await super().transact(work)
        self._maybe_die()
        return answer

    def _maybe_die(self) -> None:
        if self.died.is_set() or (self.mortal and self._chance.random() < 0.05):
            self.died.set()
            raise Killed


@dataclass
class Phones:
    """The provider of this world: `left` are the SMS that may be on somebody's screen."""

    chance: random.Random
    left: list[Sms] = field(default_factory=list)
    mortal: bool = True

    def answer(self, sms: Sms) -> Outcome:
        fate = self.chance.random() if self.mortal else 1.0
        if fate < 0.1:
            return SurelyNotAccepted("provider_busy", retryable=True)
        if fate < 0.15:
            return SurelyNotAccepted("provider_refused_400", retryable=False)
        if fate < 0.2:
            raise Killed
        self.left.append(sms)
        if fate < 0.25:
            raise Killed
        return Unknown("no_answer") if fate < 0.35 else Accepted(f"m-{sms.request_id}")


@dataclass
class World:
    """What happened; in whatever order notify hears of it."""

    visits: list[Visited]
    others: list[Event]
    contacts: list[str]

    def reasons(self) -> dict[str, str]:
        """By event, worked out with everything in sight: a correction's is its original's."""
        found: dict[str, str] = {}
        for visit in self.visits:
            inherited = found.get(visit.replaces or "")
            citizen = visit.data.citizen_id
            if inherited or citizen:
                found[visit.id] = inherited or reason_id(citizen or "", visit.day)
        return found


chances = st.integers(0, 2**32).map(random.Random)
"""Crashes, delays and the order of arrival."""
days = st.sampled_from([SATURDAY, SATURDAY + timedelta(days=1)])
somebody = st.sampled_from(CITIZENS)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    visits: list[Visited] = []
    refused: list[Visited] = []
    for _ in range(draw(st.integers(1, 6))):
        at = draw(days) + timedelta(minutes=draw(st.integers(0, 600)))
        who = draw(st.sampled_from([*CITIZENS, None]))
        visit: Visited = assisted(who, at)
        if draw(st.integers(0, 3)) == 0:
            visit = issued(draw(somebody), at)
        if draw(st.booleans()) and (earlier := visits + refused):
            original = draw(st.sampled_from(earlier))
            visit = visit.model_copy(update={"replaces": original.id})
        (refused if draw(st.integers(0, 4)) == 0 else visits).append(visit)
    others: list[Event] = [void(visit) for visit in visits if draw(st.integers(0, 3)) == 0]
    others += [event(EventRefused, event_id=visit.id) for visit in refused]
    others += [event(ConsentGiven, citizen_id=c) for c in CITIZENS if draw(st.integers(0, 3))]
    if draw(st.booleans()):
        later = SATURDAY + timedelta(hours=draw(st.integers(-1, 5)))
        others.append(event(ConsentWithdrawn, at=later, citizen_id=draw(somebody)))
    others += _voids_of_some(draw, others)
    return World(visits, others, [c for c in CITIZENS if draw(st.integers(0, 3))])


def _voids_of_some(draw: st.DrawFn, events: list[Event]) -> list[Event]:
    said = (ConsentGiven, ConsentWithdrawn, CitizenMerged)
    return [void(e) for e in events if isinstance(e, said) and draw(st.integers(0, 3)) == 0]


@st.composite
def worlds_with_changes_of_persons(draw: st.DrawFn) -> World:
    world = draw(worlds())
    merger = event(CitizenMerged, citizen_id="citizen-a", merged_id="citizen-b")
    world.others += [merger, *_voids_of_some(draw, [merger])]
    if draw(st.booleans()):
        world.others.append(event(CitizenErased, citizen_id=draw(somebody)))
    return world


Told = Callable[[Inbox], Coroutine[Any, Any, None]]


def tellings(world: World) -> Iterator[Told]:
    """Each thing that notify is told, as its subscriber tells it."""
    for one in (*world.visits, *world.others):
        yield _telling(one)
    for citizen_id in world.contacts:
        id_ = an_event_id()
        yield _sharing(sealed_contact(citizen_id, PHONES[citizen_id], id_))


def _telling(one: Event) -> Told:
    async def tell(inbox: Inbox) -> None:  # one line a type
        match one:
            case CitizenAssisted() | SignatureIssued():
                await inbox.visits([one])
            case EventVoided():
                await inbox.voids([one])
            case ConsentGiven() | ConsentWithdrawn():
                await inbox.consents([one])
            case EventRefused():
                await inbox.refusals([one])
            case CitizenErased():
                await inbox.erasures([one])
            case CitizenMerged():
                await inbox.mergers([one])

    return tell


def _sharing(body: bytes) -> Told:
    return lambda inbox: inbox.contact(open_shared(body, WRAP_KEY), body)


class History:
    """One way in which a world may reach notify, with crashes on the way."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.chance = chance
        self.kit = Kit()
        self.ledger = MortalLedger(self.kit, chance)
        self.kit.ledger = self.ledger
        self.phones = Phones(chance)
        self.kit.provider.answer = self.phones.answer
        told = list(tellings(world))
        told += chance.sample(told, chance.randint(0, len(told)))
        chance.shuffle(told)
        self.told = told

    async def play(self) -> None:
        for tell in self.told:
            await self._until_it_lives(partial(tell, self._inbox()))
            if self.chance.random() < 0.4:
                await self._time_goes_on(timedelta(minutes=self.chance.randint(1, 90)))
        self.ledger.mortal = self.phones.mortal = False
        for _ in range(60):
            await self.kit.after(hours=4)

    def _inbox(self) -> Inbox:
        clock = self.kit.clock
        return Inbox(self.ledger, self.kit.contacts, delay=DELAY, clock=clock)

    async def _time_goes_on(self, by: timedelta) -> None:
        self.kit.clock.now += by
        self.kit.machine_clock.now += by
        await self._until_it_lives(self._rounds)

    async def _rounds(self) -> None:
        while await self.kit.dispatch().round():
            pass

    async def _until_it_lives(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A process that dies is followed by another, which is told the same again."""
        while not await self._survives(work):
            await _end(asyncio.all_tasks() - {asyncio.current_task()})
            self.ledger.died.clear()
            self.kit.machine_clock.forward(minutes=2)

    async def _survives(self, work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        life = asyncio.create_task(work())
        death = asyncio.create_task(self.ledger.died.wait())
        await asyncio.wait({life, death}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if not self.ledger.died.is_set():
                await life
            return not self.ledger.died.is_set()
        except (Killed, Unavailable):
            return False
        finally:
            death.cancel()


async def _end(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def played(world: World, chance: random.Random) -> History:
    history = History(world, chance)
    asyncio.run(history.play())
    return history


def _day_told(sms: Sms) -> tuple[str, str]:
    return sms.phone, next(word for word in sms.text.split() if word.count("/") == 2)


SLOW_IS_FINE = settings(
    max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@given(world=worlds(), chance=chances)
@SLOW_IS_FINE
def test_one_reason_is_told_at_most_once(world: World, chance: random.Random) -> None:
    history = played(world, chance)

    by_reason = Counter(notification_of(sms.request_id) for sms in history.phones.left)
    visits = [sms for sms in history.phones.left if sms.template.startswith("visit.")]
    by_day = Counter(_day_told(sms) for sms in visits)
    assert set(by_reason.values()) <= {1}
    assert set(by_day.values()) <= {1}


@given(world=worlds(), chance=chances)
@SLOW_IS_FINE
def test_each_event_ends_under_its_one_reason_in_any_order(
    world: World, chance: random.Random
) -> None:
    history = played(world, chance)

    kept = history.ledger.records(NOTIFICATIONS).values()
    of_visits = [n for n in kept if n.about is About.VISIT]
    found = [(v.event_id, n.reason_id) for n in of_visits for v in n.occasions]
    expected = world.reasons()
    told = {v.id for v in world.visits if v.data.citizen_id}
    assert sorted(found) == sorted((id_, r) for id_, r in expected.items() if id_ in told)


@given(world=worlds_with_changes_of_persons(), chance=chances)
@SLOW_IS_FINE
def test_each_notification_reaches_an_outcome_and_tells_it(
    world: World, chance: random.Random
) -> None:
    history = played(world, chance)

    kept = history.ledger.records(NOTIFICATIONS).values()
    told = {stored.event.subject for stored in history.kit.log.entries.values()}
    assert {n.state for n in kept} <= OUTCOMES
    assert {n.id for n in kept} == told
    by_reason = Counter(notification_of(sms.request_id) for sms in history.phones.left)
    assert set(by_reason.values()) <= {1}


@given(world=worlds(), chance=chances)
@SLOW_IS_FINE
def test_reachable_citizen_is_told_where_nothing_goes_wrong(
    world: World, chance: random.Random
) -> None:
    visits = [v for v in world.visits if v.data.citizen_id]
    refusals = [one for one in world.others if isinstance(one, EventRefused)]
    consents = [event(ConsentGiven, citizen_id=c) for c in CITIZENS]
    calm = World(visits, [*refusals, *consents], list(CITIZENS))
    history = History(calm, chance)
    history.ledger.mortal = history.phones.mortal = False
    asyncio.run(history.play())

    told = {sms.phone for sms in history.phones.left}
    nothing = {None, *(refusal.data.event_id for refusal in refusals)}
    originals = {v.data.citizen_id for v in visits if v.replaces in nothing}
    assert told >= {f"+84{PHONES[citizen][1:]}" for citizen in originals if citizen}


def test_world_has_something_to_tell() -> None:
    """The properties above are worth nothing in worlds where nobody is ever told."""
    at: datetime = SATURDAY
    world = World(
        [assisted("citizen-a", at)], [event(ConsentGiven, citizen_id="citizen-a")], ["citizen-a"]
    )
    chance = random.Random(7)
    history = History(world, chance)
    history.ledger.mortal = history.phones.mortal = False

    asyncio.run(history.play())

    assert len(history.phones.left) == 1
