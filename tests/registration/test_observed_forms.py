"""What is observed at a door is judged by its form alone."""

import pytest

from services.events.assistance import CitizenAssisted
from services.events.households import HouseholdVisited
from services.events.signatures import SignatureIssued
from services.platform.problems import PERIOD_REVERSED
from services.registration.assistance.rules import (
    ASSISTANCE,
    ONLY_POLICE_ACTIVATE,
    REASON_MISSING,
    REASON_WITHOUT_FAILURE,
    SERVICE_TWICE,
)
from services.registration.households.rules import (
    DAY_WITHOUT_REVISIT,
    HOUSEHOLD,
    MORE_CONVERTED_THAN_PHONES,
    REVISIT_WITHOUT_DAY,
)
from services.registration.signatures.rules import SIGNATURE
from services.registration.subjects.subject import Observed
from tests.builders import event, given
from tests.registration.deciding import form_of


@pytest.mark.parametrize("subject", [HOUSEHOLD, ASSISTANCE, SIGNATURE])
def test_what_is_observed_keeps_no_state(subject: object) -> None:
    assert isinstance(subject, Observed)


def test_a_service_that_was_not_done_says_why() -> None:
    why_not = given("etax", outcome="not_done")

    assert form_of(ASSISTANCE, event(CitizenAssisted, services=[given("vssid"), why_not])) == (
        REASON_MISSING,
        "/data/services/1/reason",
    )
    told = {**why_not, "reason": "no_network"}
    assert form_of(ASSISTANCE, event(CitizenAssisted, services=[told])) is None


def test_a_service_that_was_done_has_no_reason_against_it() -> None:
    done = given("etax", outcome="using", reason="no_network")

    found = form_of(ASSISTANCE, event(CitizenAssisted, services=[done]))

    assert found == (REASON_WITHOUT_FAILURE, "/data/services/0/reason")


@pytest.mark.parametrize("outcome", ["can_do", "using"])
def test_only_police_record_that_vneid_level_2_is_active(outcome: str) -> None:
    services = [given("vneid_level2", outcome=outcome)]

    by_a_volunteer = event(CitizenAssisted, services=services, member_kind="youth_union")
    by_somebody = event(CitizenAssisted, services=services)
    by_police = event(CitizenAssisted, services=services, member_kind="police")

    refusal = (ONLY_POLICE_ACTIVATE, "/data/services/0/outcome")
    assert form_of(ASSISTANCE, by_a_volunteer) == form_of(ASSISTANCE, by_somebody) == refusal
    assert form_of(ASSISTANCE, by_police) is None


def test_anybody_may_explain_vneid_level_2() -> None:
    explained = event(CitizenAssisted, services=[given("vneid_level2", outcome="understood")])

    assert form_of(ASSISTANCE, explained) is None


def test_a_service_stands_once_in_a_visit() -> None:
    twice = event(CitizenAssisted, services=[given("vssid"), given("vssid", outcome="using")])

    assert form_of(ASSISTANCE, twice) == (SERVICE_TWICE, "/data/services")


def test_to_come_again_needs_a_day_that_is_not_past() -> None:
    refusal = (REVISIT_WITHOUT_DAY, "/data/revisit_on")

    no_day = event(HouseholdVisited, outcome="revisit")
    past = event(HouseholdVisited, outcome="revisit", revisit_on="2025-10-10")
    same_evening = event(HouseholdVisited, outcome="revisit", revisit_on="2025-10-11")

    assert form_of(HOUSEHOLD, no_day) == form_of(HOUSEHOLD, past) == refusal
    assert form_of(HOUSEHOLD, same_evening) is None


@pytest.mark.parametrize("outcome", ["met", "absent", "refused"])
def test_only_a_revisit_has_a_day(outcome: str) -> None:
    visit = event(HouseholdVisited, outcome=outcome, revisit_on="2025-10-12")

    assert form_of(HOUSEHOLD, visit) == (DAY_WITHOUT_REVISIT, "/data/revisit_on")


def test_no_more_phones_are_converted_than_there_were() -> None:
    too_many = event(HouseholdVisited, phones_2g=1, converted=2)

    assert form_of(HOUSEHOLD, too_many) == (MORE_CONVERTED_THAN_PHONES, "/data/converted")
    assert form_of(HOUSEHOLD, event(HouseholdVisited, phones_2g=2, converted=2)) is None


def test_a_certificate_does_not_end_before_it_begins() -> None:
    reversed_ = event(SignatureIssued, valid_from="2025-10-11", valid_to="2025-10-10")

    assert form_of(SIGNATURE, reversed_) == (PERIOD_REVERSED, "/data/valid_to")
    assert form_of(SIGNATURE, event(SignatureIssued)) is None
