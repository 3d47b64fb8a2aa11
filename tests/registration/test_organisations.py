"""Organisations."""

from datetime import date, timedelta

from services.events.organisations import OrganisationRegistered
from services.platform.problems import PERIOD_REVERSED
from services.registration.organisations.rules import ORGANISATION, OWN_PARENT, parent
from services.registration.subjects.belonging import OTHER_WARD
from tests.builders import HOA_HUNG, SATURDAY, event
from tests.registration.deciding import after, refused

LATER = SATURDAY + timedelta(days=1)


def test_an_abolished_organisation_stays_readable() -> None:
    district = event(
        OrganisationRegistered,
        ward="760",
        at=SATURDAY - timedelta(days=200),
        kind="district",
        name="UBND Quận 1",
        valid_to="2025-06-30",
    )

    known = after(ORGANISATION, district)

    assert (known.name, known.valid_to) == ("UBND Quận 1", date(2025, 6, 30))


def test_registering_again_brings_newer_facts_and_keeps_the_rest() -> None:
    first = event(OrganisationRegistered, parent_id="city-1")
    renamed = event(OrganisationRegistered, name="Tên mới", at=LATER)

    known = after(ORGANISATION, first, renamed)

    assert (known.name, known.parent_id) == ("Tên mới", "city-1")


def test_an_organisation_is_not_above_itself() -> None:
    itself = event(OrganisationRegistered, subject="ubnd-1", parent_id="ubnd-1")

    assert refused(ORGANISATION, itself) is OWN_PARENT
    assert [r.id for r in parent(event(OrganisationRegistered, parent_id="city-1"))] == ["city-1"]


def test_an_organisation_does_not_end_before_it_began() -> None:
    reversed_ = event(OrganisationRegistered, valid_from="2025-07-01", valid_to="2025-06-30")

    assert refused(ORGANISATION, reversed_) is PERIOD_REVERSED


def test_an_organisation_of_another_ward_is_left_alone() -> None:
    known = event(OrganisationRegistered)

    elsewhere = event(OrganisationRegistered, ward=HOA_HUNG, at=LATER)

    assert refused(ORGANISATION, known, elsewhere) is OTHER_WARD
