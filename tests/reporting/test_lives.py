"""What has a life counts once, at its home, then and today."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.events.citizens import CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.signatures import SignatureActivated, SignatureIssued, SignatureRegistered
from services.events.teams import TeamDisbanded, TeamFormed
from services.reporting.counting.judging import Change, Measures
from services.reporting.definitions.measure import Fact, Measure
from services.reporting.measures.consents import CONSENTS
from services.reporting.measures.households import HOUSEHOLD_DEVICES
from services.reporting.measures.neighbourhoods import KNOWN_HOUSEHOLDS
from services.reporting.measures.signatures import (
    SIGNATURE_HOLDERS,
    SIGNATURES,
    SIGNATURES_ISSUED,
)
from services.reporting.measures.teams import TEAMS
from services.reporting.stores.fact_store import fact_of
from tests.builders import CHO_LON, SAI_GON, SATURDAY, event

NEXT_DAY = SATURDAY + timedelta(days=1)
IN_MAY = datetime(2025, 5, 6, 2, 0, tzinfo=UTC)
LAST_OLD_DAY, MERGER = date(2025, 6, 30), date(2025, 7, 1)
BEN_NGHE, SAI_GON_KEY = "26740@2020-01-01", "26740@2025-07-01"
SPLIT = "26746"
"""Nguyễn Thái Bình, which went into two wards."""


def stands(
    measure: Measure,
    *told: Event | Fact,
    until: date = date.max,
    known: date = date.max,
) -> dict[str, int]:
    """How many in each ward, all codes together."""
    facts = [fact if isinstance(fact, Fact) else fact_of(fact) for fact in told]
    sums = Counter[str]()
    found = Measures([measure]).differences([Change(None, fact) for fact in facts], {})
    for document, lines in found.counts.items():
        if document.day <= until and document.known <= known:
            sums[document.ward] += sum(lines.values())
    return {ward: amount for ward, amount in sums.items() if amount}


def test_consent_given_in_one_ward_and_withdrawn_in_another_counts_no_more() -> None:
    told = (event(ConsentGiven), event(ConsentWithdrawn, ward=SAI_GON, at=NEXT_DAY))

    assert stands(CONSENTS, *told, until=SATURDAY.date()) == {"27343@2025-07-01": 1}
    assert stands(CONSENTS, *told) == {}


def test_consent_given_in_two_wards_is_one_person_where_it_was_given_first() -> None:
    told = (event(ConsentGiven, at=NEXT_DAY), event(ConsentGiven, ward=SAI_GON))

    assert stands(CONSENTS, *told) == {SAI_GON_KEY: 1}


def test_signature_registered_in_one_ward_and_issued_in_another_is_one() -> None:
    told = (
        event(SignatureRegistered),
        event(SignatureIssued, ward=SAI_GON, at=NEXT_DAY),
        event(SignatureActivated, ward=SAI_GON, at=NEXT_DAY),
    )

    for measure in (SIGNATURES, SIGNATURE_HOLDERS, SIGNATURES_ISSUED):
        assert stands(measure, *told) == {"27343@2025-07-01": 1}


def test_late_first_event_moves_the_subject_from_the_day_it_was_known() -> None:
    told = event(ConsentGiven, at=NEXT_DAY)
    late = event(ConsentGiven, ward=SAI_GON, recorded=NEXT_DAY + timedelta(days=5))

    assert stands(CONSENTS, told, late, known=NEXT_DAY.date()) == {"27343@2025-07-01": 1}
    assert stands(CONSENTS, told, late) == {SAI_GON_KEY: 1}


def test_voided_first_event_moves_the_subject() -> None:
    first, second = event(ConsentGiven, ward=SAI_GON), event(ConsentGiven, at=NEXT_DAY)
    voided = replace(fact_of(first), voided=date(2025, 10, 20))

    assert stands(CONSENTS, voided, second, known=date(2025, 10, 19)) == {SAI_GON_KEY: 1}
    assert stands(CONSENTS, voided, second) == {"27343@2025-07-01": 1}


def test_team_of_an_old_unit_moves_to_its_successor_and_ends_there() -> None:
    told = (
        event(TeamFormed, at=IN_MAY, ward=SAI_GON),
        event(TeamDisbanded, at=SATURDAY, ward=SAI_GON),
    )

    assert stands(TEAMS, *told, until=LAST_OLD_DAY) == {BEN_NGHE: 1}
    assert stands(TEAMS, *told, until=MERGER) == {SAI_GON_KEY: 1}
    assert stands(TEAMS, *told) == {}


def test_team_of_a_split_unit_stays_there_until_it_ends() -> None:
    formed = event(TeamFormed, at=IN_MAY, ward=SPLIT)

    assert stands(TEAMS, formed) == {f"{SPLIT}@2020-01-01": 1}
    assert stands(TEAMS, formed, event(TeamDisbanded, ward=SAI_GON)) == {}


def test_households_told_before_and_after_the_merger_are_not_added_up() -> None:
    told = (
        event(NeighbourhoodRegistered, at=IN_MAY, ward=SAI_GON, households=400),
        event(NeighbourhoodRegistered, at=SATURDAY, ward=SAI_GON, households=450),
    )

    assert stands(KNOWN_HOUSEHOLDS, *told, until=LAST_OLD_DAY) == {BEN_NGHE: 400}
    assert stands(KNOWN_HOUSEHOLDS, *told) == {SAI_GON_KEY: 450}


def test_household_asked_for_devices_before_and_after_the_merger_is_one() -> None:
    told = [event(HouseholdVisited, at=at, smart_devices=1) for at in (IN_MAY, SATURDAY)]

    assert stands(HOUSEHOLD_DEVICES, *told) == {"27343@2025-07-01": 1}


def test_merged_citizens_are_one_person_while_the_merger_stands() -> None:
    given = [
        event(ConsentGiven, citizen_id="citizen-1", ward=SAI_GON),
        event(ConsentGiven, citizen_id="citizen-2", at=NEXT_DAY),
    ]
    merged = fact_of(event(CitizenMerged, at=datetime(2025, 10, 14, 2, 0, tzinfo=UTC)))
    parted = replace(merged, voided=date(2025, 10, 20))
    two = {SAI_GON_KEY: 1, "27343@2025-07-01": 1}

    assert stands(CONSENTS, *given, parted, known=date(2025, 10, 13)) == two
    assert stands(CONSENTS, *given, parted, known=date(2025, 10, 14)) == {SAI_GON_KEY: 1}
    assert stands(CONSENTS, *given, parted) == two


def test_one_record_of_a_person_takes_back_what_another_gave() -> None:
    told = (
        event(ConsentGiven, citizen_id="citizen-1"),
        event(ConsentWithdrawn, citizen_id="citizen-2", ward=CHO_LON, at=NEXT_DAY),
        event(CitizenMerged),
    )

    assert stands(CONSENTS, *told) == {}
