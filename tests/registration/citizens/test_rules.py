"""What may be recorded about a citizen."""

import pytest

from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.codes import Purpose
from services.events.envelope import Event
from services.registration.citizens.rules import CITIZEN, Citizen
from tests.builders import SATURDAY, event, void
from tests.registration.deciding import after, refused

JUST_AFTER = SATURDAY.replace(minute=30)
ERASED = event(CitizenErased, citizen_id="c-1")
MERGED = event(CitizenMerged, citizen_id="c-2", merged_id="c-1", subject="c-1")


def given(*purposes: Purpose, **more: object) -> ConsentGiven:
    return event(ConsentGiven, citizen_id="c-1", purposes=list(purposes), **more)  # type: ignore[arg-type]


def withdrawn(*purposes: Purpose) -> ConsentWithdrawn:
    return event(ConsentWithdrawn, at=JUST_AFTER, citizen_id="c-1", purposes=list(purposes))


def test_consent_adds_up_over_purposes() -> None:
    citizen = after(CITIZEN, given(Purpose.VISIT), given(Purpose.REMINDER, at=JUST_AFTER))

    assert set(citizen.purposes) == {Purpose.VISIT, Purpose.REMINDER}


def test_withdrawal_leaves_the_other_purposes() -> None:
    citizen = after(CITIZEN, given(Purpose.VISIT, Purpose.REMINDER), withdrawn(Purpose.VISIT))

    assert citizen.purposes == (Purpose.REMINDER,)


def test_what_was_never_given_can_be_withdrawn() -> None:
    assert after(CITIZEN, withdrawn(Purpose.VISIT)).purposes == ()


def test_consent_that_arrives_late_does_not_outlive_a_withdrawal() -> None:
    assert after(CITIZEN, withdrawn(Purpose.VISIT), given(Purpose.VISIT)).purposes == ()


def test_voided_withdrawal_gives_consent_back() -> None:
    taken_back = withdrawn(Purpose.VISIT)

    citizen = after(CITIZEN, given(Purpose.VISIT), taken_back, void(taken_back))

    assert citizen.purposes == (Purpose.VISIT,)


def test_nothing_of_consent_stays_with_the_erased() -> None:
    assert after(CITIZEN, given(Purpose.VISIT, at=SATURDAY.replace(hour=7)), ERASED) == Citizen(
        "c-1", erased=True
    )


@pytest.mark.parametrize("ended", [ERASED, MERGED])
@pytest.mark.parametrize(
    "later",
    [
        event(ConsentGiven, at=JUST_AFTER, citizen_id="c-1"),
        event(CitizenMerged, at=JUST_AFTER, citizen_id="c-3", merged_id="c-1", subject="c-1"),
    ],
    ids=lambda event: event.type,
)
def test_record_that_ended_takes_nothing_more(ended: Event, later: Event) -> None:
    why = refused(CITIZEN, ended, later)

    assert why.code == ("citizen_erased" if ended is ERASED else "citizen_already_merged")


@pytest.mark.parametrize("ended", [ERASED, MERGED])
def test_consent_can_be_withdrawn_whatever_became_of_the_record(ended: Event) -> None:
    assert after(CITIZEN, ended, withdrawn(Purpose.VISIT)).purposes == ()


def test_citizen_whose_record_was_merged_can_be_erased_once() -> None:
    erasure = event(CitizenErased, at=JUST_AFTER, citizen_id="c-1")
    again = event(CitizenErased, at=JUST_AFTER, citizen_id="c-1")

    assert after(CITIZEN, MERGED, erasure).erased
    assert refused(CITIZEN, MERGED, erasure, again).code == "citizen_erased"


def test_erasure_is_recorded_though_consent_was_given_since() -> None:
    since = given(Purpose.VISIT, at=JUST_AFTER)

    assert after(CITIZEN, since, ERASED) == Citizen("c-1", erased=True)


def test_merger_before_a_later_consent_says_what_stands_in_its_way() -> None:
    since = given(Purpose.VISIT, at=JUST_AFTER)

    assert refused(CITIZEN, since, MERGED).code == "later_events_forbid"


def test_record_is_not_merged_with_itself() -> None:
    merger = event(CitizenMerged, citizen_id="c-1", merged_id="c-1", subject="c-1")

    assert refused(CITIZEN, merger).code == "merged_with_itself"
