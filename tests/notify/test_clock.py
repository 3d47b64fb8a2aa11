"""The time of a demo."""

from datetime import timedelta

from services.notify.arriving.inbox import Inbox
from services.notify.clock import DemoClock, clock_of
from services.notify.contacts.contacts import Contacts
from services.platform.clock import utc_now
from tests.builders import SATURDAY
from tests.notify.harness import DELAY, Kit, a_reachable_citizen, assisted
from tests.twins.ledger import LedgerTwin


class Stopwatch:
    """Seconds that the test lets pass."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def test_clock_is_the_newest_recorded_time_and_goes_on() -> None:
    watch = Stopwatch()
    clock = DemoClock(None, watch)

    clock.see(SATURDAY)
    watch.s += 90

    assert clock() == SATURDAY + timedelta(seconds=90)


def test_older_event_does_not_turn_the_clock_back() -> None:
    clock = DemoClock(SATURDAY, Stopwatch())

    clock.see(SATURDAY - timedelta(days=1))

    assert clock() == SATURDAY


def test_newer_event_turns_it_forward() -> None:
    clock = DemoClock(SATURDAY, Stopwatch())

    clock.see(SATURDAY + timedelta(days=1))

    assert clock() == SATURDAY + timedelta(days=1)


def test_before_the_first_event_it_shows_the_systems_time() -> None:
    assert abs(DemoClock(None)() - utc_now()) < timedelta(seconds=5)


def test_only_the_clock_of_a_demo_follows_the_events() -> None:
    real, demo = clock_of(demo=False), clock_of(demo=True)

    for clock in (real, demo):
        clock.see(SATURDAY)

    assert abs(real() - utc_now()) < timedelta(seconds=5)
    assert abs(demo() - SATURDAY) < timedelta(seconds=5)


async def test_first_event_of_a_demo_is_not_overdue_when_it_is_written() -> None:
    kit, clock = Kit(), DemoClock(None, Stopwatch())
    seen_while_written = []

    class Watched(LedgerTwin):
        async def transact(self, work):  # type: ignore[no-untyped-def]
            seen_while_written.append(clock())
            return await super().transact(work)

    contacts: Contacts = kit.contacts
    inbox = Inbox(Watched(kit.log), contacts, delay=DELAY, clock=clock)
    visit = assisted(await a_reachable_citizen(contacts))

    await inbox.visits([visit])

    assert seen_while_written == [visit.recordedtime]
