"""What a partition can claim of a log: at each statement's place among what has come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.events.assistance import CitizenAssisted
from services.events.envelope import Event
from services.messaging.consumer.arrivals import Arrival
from services.messaging.log.completeness import NOTIFY, REGISTRATION, Statement, Tally
from services.reporting.stores.standing import NOTHING, Gap, after
from tests.builders import event

NOON = datetime(2025, 10, 11, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)
PARTITIONS = 4


def stating(*events: Event, as_of: datetime = NOON, partitions: int = PARTITIONS) -> Statement:
    """What registration's relay says when these are all that it sent."""
    return Statement(REGISTRATION, Tally().plus(e.id for e in events), as_of, partitions)


def fresh(*events: Event) -> set[str]:
    return {one.id for one in events}


def test_statement_is_judged_with_what_came_before_it_alone() -> None:
    one, other = event(CitizenAssisted), event(CitizenAssisted)

    moved = after(NOTHING, [one, stating(one), other], fresh(one, other), PARTITIONS, LATER)

    assert moved[REGISTRATION].true_until == NOON
    assert moved[REGISTRATION].tally == Tally().plus([one.id, other.id])


def test_statement_that_counts_what_comes_after_it_proves_nothing() -> None:
    one, other = event(CitizenAssisted), event(CitizenAssisted)

    moved = after(NOTHING, [one, stating(one, other), other], fresh(one, other), PARTITIONS, LATER)

    assert moved[REGISTRATION].true_until is None
    assert moved[REGISTRATION].gap == Gap(1, LATER)


def test_gap_is_known_since_it_was_first_heard_and_gone_once_it_is_closed() -> None:
    one = event(CitizenAssisted)
    lacking = after(NOTHING, [stating(one)], (), PARTITIONS, NOON)

    longer = after(lacking, [stating(one)], (), PARTITIONS, LATER)
    closed = after(longer, [one, stating(one, as_of=LATER)], fresh(one), PARTITIONS, LATER)

    assert longer[REGISTRATION].gap == Gap(1, NOON)
    assert (closed[REGISTRATION].gap, closed[REGISTRATION].true_until) == (None, LATER)


def test_as_many_events_that_are_others_prove_nothing() -> None:
    here, there = event(CitizenAssisted), event(CitizenAssisted)

    moved = after(NOTHING, [here, stating(there)], fresh(here), PARTITIONS, LATER)

    assert moved[REGISTRATION].true_until is None
    assert moved[REGISTRATION].gap == Gap(0, LATER)


def test_event_that_comes_twice_or_was_there_before_counts_once() -> None:
    known, new = event(CitizenAssisted), event(CitizenAssisted)
    before = after(NOTHING, [known], fresh(known), PARTITIONS, NOON)

    moved = after(before, [known, new, new, stating(known, new)], fresh(new), PARTITIONS, LATER)

    assert moved[REGISTRATION].true_until == NOON


def test_statement_about_another_division_is_not_heard() -> None:
    moved = after(NOTHING, [stating(partitions=PARTITIONS + 1)], (), PARTITIONS, LATER)

    assert moved == NOTHING


def test_each_log_is_counted_by_itself() -> None:
    visit, answer = event(CitizenAssisted), event(CitizenAssisted, envelope={"source": "/notify"})

    moved = after(NOTHING, [answer, visit, stating(visit)], fresh(visit, answer), PARTITIONS, LATER)

    assert moved[REGISTRATION].true_until == NOON
    assert (moved[NOTIFY].true_until, moved[NOTIFY].tally.count) == (None, 1)


@given(st.data())
def test_whatever_is_lost_doubled_or_out_of_order_no_claim_is_false(data: st.DataObject) -> None:
    told = [event(CitizenAssisted) for _ in range(6)]
    stated: list[Arrival] = [
        stating(*told[:n], as_of=NOON + timedelta(seconds=n)) for n in range(len(told) + 1)
    ]
    come = data.draw(st.lists(st.sampled_from([*told, *stated])))

    moved = after(NOTHING, come, fresh(*told), PARTITIONS, LATER)[REGISTRATION]

    if moved.true_until:
        proven = int((moved.true_until - NOON).total_seconds())
        assert {one.id for one in told[:proven]} <= {a.id for a in come if isinstance(a, Event)}
