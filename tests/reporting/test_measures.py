"""What each measure counts, judged from facts alone."""

from collections import Counter
from datetime import date, datetime, timedelta

from services.events.assistance import CitizenAssisted
from services.events.corrections import EventRefused
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.notifications import NotificationDelivered, NotificationSent
from services.events.signatures import (
    SignatureActivated,
    SignatureIssued,
    SignatureRegistered,
    SignatureRevoked,
)
from services.events.teams import (
    TeamDisbanded,
    TeamFormed,
    TeamMemberJoined,
    TeamMemberLeft,
)
from services.reporting.counting.judging import Change, Measures
from services.reporting.definitions.measure import Codes, Measure
from services.reporting.measures import MEASURES
from services.reporting.measures.households import HOUSEHOLD_DEVICES
from services.reporting.measures.neighbourhoods import KNOWN_HOUSEHOLDS
from services.reporting.measures.notifications import NOTIFICATIONS
from services.reporting.measures.people import PEOPLE
from services.reporting.measures.posts import ACCEPTED, REFUSED
from services.reporting.measures.services import SERVICES_GIVEN
from services.reporting.measures.signatures import (
    SIGNATURE_HOLDERS,
    SIGNATURES,
    SIGNATURES_ISSUED,
)
from services.reporting.measures.teams import TEAM_MEMBERS, TEAMS
from services.reporting.measures.visits import VISITS
from services.reporting.stores.fact_store import fact_of
from tests.builders import SATURDAY, event, given


def counted(measure: Measure, *events: Event, until: datetime | None = None) -> dict[Codes, int]:
    """Sums by codes up to a day."""
    last = until.date() if until else date.max
    sums = Counter[Codes]()
    found = Measures([measure]).differences([Change(None, fact_of(e)) for e in events], {})
    for document, lines in found.counts.items():
        for (_, codes), amount in lines.items():
            sums[codes] += amount if document.day <= last else 0
    for document, members in found.members.items():
        for (_, codes, _), amount in members.items():
            sums[codes] += amount if document.day <= last else 0
    return {codes: amount for codes, amount in sums.items() if amount}


def day(number: int) -> datetime:
    return SATURDAY + timedelta(days=number)


def test_names_of_measures_are_unique() -> None:
    names = [measure.name for measure in MEASURES]

    assert len(names) == len(set(names))


def test_a_visit_with_two_services_is_one_visit_and_two_services() -> None:
    told = event(CitizenAssisted, services=[given("etax"), given("vssid", outcome="using")])

    assert counted(SERVICES_GIVEN, told) == {("etax", "can_do"): 1, ("vssid", "using"): 1}
    assert counted(VISITS, told) == {("home", "own"): 1}


def test_help_to_somebody_unidentified_is_a_visit_and_no_person() -> None:
    fact = fact_of(event(CitizenAssisted, citizen_id=None))

    assert Measures([PEOPLE]).keys(fact) == set()


def test_a_citizen_helped_twice_a_day_counts_once() -> None:
    morning = event(CitizenAssisted, citizen_id="citizen-1")
    evening = event(CitizenAssisted, citizen_id="citizen-1", at=SATURDAY + timedelta(hours=9))

    assert counted(PEOPLE, morning, evening)["", ""] == 1


def test_a_signature_stands_in_one_state_at_a_time() -> None:
    told = (
        event(SignatureRegistered, at=day(0)),
        event(SignatureIssued, at=day(2)),
        event(SignatureActivated, at=day(5)),
    )

    assert counted(SIGNATURES, *told, until=day(1)) == {("vnpt", "registered"): 1}
    assert counted(SIGNATURES, *told, until=day(4)) == {("vnpt", "issued"): 1}
    assert counted(SIGNATURES, *told) == {("vnpt", "activated"): 1}


def test_a_registration_told_late_takes_no_activation_back() -> None:
    told = (event(SignatureActivated, at=day(0)), event(SignatureRegistered, at=day(1)))

    assert counted(SIGNATURES, *told) == {("vnpt", "activated"): 1}


def test_a_revoked_signature_is_held_by_nobody() -> None:
    told = (
        event(SignatureActivated, at=day(0), adult=True),
        event(SignatureRevoked, at=day(1), adult=True),
    )

    assert counted(SIGNATURE_HOLDERS, *told, until=day(0)) == {("adult",): 1}
    assert counted(SIGNATURE_HOLDERS, *told) == {}


def test_two_signatures_of_one_citizen_have_one_holder() -> None:
    told = (
        event(SignatureActivated, ca="vnpt", subject="signature-1", adult=True),
        event(SignatureActivated, ca="misa", subject="signature-2", adult=True, at=day(1)),
    )

    assert counted(SIGNATURE_HOLDERS, *told) == {("adult",): 1}


def test_an_issue_told_by_team_and_ca_counts_once_on_its_first_day() -> None:
    told = (event(SignatureIssued, at=day(0)), event(SignatureIssued, at=day(3)))

    assert counted(SIGNATURES_ISSUED, *told, until=day(0)) == {("vnpt", "free"): 1}
    assert counted(SIGNATURES_ISSUED, *told) == {("vnpt", "free"): 1}


def test_a_disbanded_team_stood_until_its_last_day() -> None:
    told = (event(TeamFormed, at=day(0)), event(TeamDisbanded, at=day(7)))

    assert counted(TEAMS, *told, until=day(6)) == {("community_tech_team", ""): 1}
    assert counted(TEAMS, *told) == {}


def test_a_member_who_left_is_a_member_no_longer() -> None:
    told = (
        event(TeamFormed, at=day(0)),
        event(TeamMemberJoined, at=day(1), member_id="tnv-1"),
        event(TeamMemberJoined, at=day(1), member_id="tnv-2", kind="police"),
        event(TeamMemberLeft, at=day(2), member_id="tnv-1"),
    )

    assert counted(TEAM_MEMBERS, *told) == {("community_tech_team", "police"): 1}


def test_newer_figures_of_a_neighbourhood_replace_older_ones() -> None:
    told = (
        event(NeighbourhoodRegistered, at=day(0), households=400, as_of="2025-06-30"),
        event(NeighbourhoodRegistered, at=day(9), households=430, as_of="2025-09-30"),
    )

    assert counted(KNOWN_HOUSEHOLDS, *told) == {("neighbourhood-1", "2025-09-30"): 430}


def test_the_newest_count_of_devices_in_a_household_stands() -> None:
    told = (
        event(HouseholdVisited, at=day(0), smart_devices=0),
        event(HouseholdVisited, at=day(3), smart_devices=2),
    )

    assert counted(HOUSEHOLD_DEVICES, *told) == {("some",): 1}


def test_a_receipt_that_came_before_the_sending_was_told_still_stands() -> None:
    told = (event(NotificationDelivered, at=day(0)), event(NotificationSent, at=day(1)))

    assert counted(NOTIFICATIONS, *told) == {("visit", "delivered"): 1}


def test_what_a_coordinator_enters_counts_for_no_device() -> None:
    by_phone = event(CitizenAssisted)
    in_the_office = event(CitizenAssisted, envelope={"source": "/user/ward-1"})

    assert counted(ACCEPTED, by_phone) == {("phone-1", "citizen.assisted.v1"): 1}
    assert counted(ACCEPTED, in_the_office) == {}


def test_a_refusal_counts_for_the_device_that_posted() -> None:
    assert counted(REFUSED, event(EventRefused)) == {("phone-1", "rejected"): 1}
