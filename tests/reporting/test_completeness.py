"""What an answer says of itself: up to when it holds all, why not longer, without which."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from services.messaging.log.completeness import NOTIFY, REGISTRATION
from services.reporting.projecting.completeness import GRACE, SILENCE, Completeness, completeness
from services.reporting.stores.aside_store import Some
from services.reporting.stores.progress_store import State
from services.reporting.stores.standing import Gap, OfLog
from tests.builders import CHO_LON

NOON = datetime(2025, 10, 11, 5, 0, tzinfo=UTC)
NOW = NOON + timedelta(minutes=1)
LONG_AGO = NOON - GRACE
HEARD = OfLog(true_until=NOON, heard_at=NOW)


def state(registration: OfLog = HEARD, notify: OfLog = HEARD) -> State:
    return State({REGISTRATION: registration, NOTIFY: notify}, 1)


def lacking(events: int, since: datetime = LONG_AGO) -> OfLog:
    return OfLog(true_until=NOON, gap=Gap(events, since), heard_at=NOW)


def said(
    *states: State, buried: Sequence[Some] = (), left_out: Sequence[Some] = (), now: datetime = NOW
) -> Completeness:
    """Of as many partitions as there are states."""
    return completeness(dict(enumerate(states)), len(states), buried, left_out, now)


def reasons(told: Completeness) -> list[tuple[str, str, int]]:
    return [(one.code, one.log, one.count) for one in told.held_back]


def test_figures_are_true_as_of_the_slowest_partition_and_log() -> None:
    ahead = OfLog(true_until=NOON + timedelta(seconds=5), heard_at=NOW)

    assert said(state(ahead, ahead), state(ahead, HEARD)).true_as_of == NOON


def test_nobody_can_say_while_a_log_was_never_proven_in_a_partition() -> None:
    assert said(state(), state(notify=OfLog(heard_at=NOW))).true_as_of is None
    assert completeness({0: state()}, 2, (), (), NOW).true_as_of is None
    assert completeness({}, 1, (), (), NOW).true_as_of is None


def test_answer_is_never_true_ahead_of_its_own_clock() -> None:
    early = NOON - timedelta(hours=1)

    assert said(state(), now=early).true_as_of == early


def test_when_all_is_well_nothing_is_held_back() -> None:
    told = said(state(), state())

    assert (told.held_back, told.without) == ([], [])


def test_buried_event_is_the_reason_why_the_instant_stands_still() -> None:
    waiting = [Some(0, REGISTRATION, CHO_LON, 1, NOON)]

    told = said(state(lacking(1)), buried=waiting)

    [reason] = told.held_back
    assert (reason.code, reason.count, reason.since) == ("set_aside", 1, NOON)
    assert reason.ward
    assert reason.ward.name == "Phường Chợ Lớn"
    assert reason.message.vi == "1 sự kiện của Phường Chợ Lớn được để riêng, chờ người vận hành."
    assert reason.message.en == "1 event of Phường Chợ Lớn set aside, waiting for an operator."


def test_what_lacks_beside_buried_events_is_missing() -> None:
    told = said(state(lacking(5)), buried=[Some(0, REGISTRATION, CHO_LON, 2, NOON)])

    assert reasons(told) == [("set_aside", REGISTRATION, 2), ("missing", REGISTRATION, 3)]


def test_events_that_are_on_their_way_are_no_reason_yet() -> None:
    assert reasons(said(state(lacking(5, since=NOW - timedelta(seconds=2))))) == []


def test_missing_events_are_added_up_over_partitions() -> None:
    told = said(state(lacking(5)), state(lacking(2, since=LONG_AGO - GRACE)), state(lacking(-1)))

    assert reasons(told) == [("missing", REGISTRATION, 7), ("extra", REGISTRATION, 1)]
    assert told.held_back[0].since == LONG_AGO - GRACE


def test_as_many_events_that_are_others_are_told_apart() -> None:
    assert reasons(said(state(notify=lacking(0)))) == [("differs", NOTIFY, 0)]


def test_log_that_says_nothing_any_more_is_named() -> None:
    silent = OfLog(true_until=NOON, heard_at=NOW - SILENCE - timedelta(seconds=1))

    told = said(state(), state(notify=silent))

    assert reasons(told) == [("silent", NOTIFY, 0)]
    assert told.held_back[0].since == silent.heard_at
    assert reasons(said(state(notify=OfLog()))) == [("silent", NOTIFY, 0)]


def test_event_that_was_left_is_gone_without_and_holds_nothing_back() -> None:
    told = said(state(), left_out=[Some(0, REGISTRATION, CHO_LON, 1, NOON)])

    [without] = told.without
    assert (without.count, without.ward.code) == (1, CHO_LON)
    assert without.message.vi == "Không có 1 sự kiện của Phường Chợ Lớn."
    assert without.message.en == "Without 1 event of Phường Chợ Lớn."
    assert (told.true_as_of, told.held_back) == (NOON, [])


def test_junk_among_the_dead_letters_holds_nothing_back() -> None:
    assert reasons(said(state(), buried=[Some(0, REGISTRATION, CHO_LON, 1, NOON)])) == []
