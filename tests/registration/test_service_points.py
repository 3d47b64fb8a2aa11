"""Service points open and close."""

from datetime import date, datetime, timedelta

from services.events.envelope import CITY_TIME
from services.events.neighbourhoods import NEIGHBOURHOODS
from services.events.organisations import ORGANISATIONS
from services.events.service_points import SERVICE_POINTS, ServicePointClosed, ServicePointOpened
from services.registration.service_points.rules import (
    POINT_CLOSED_ALREADY,
    POINT_OPEN_ALREADY,
    SERVICE_POINT,
    behind_the_point,
)
from services.registration.subjects.belonging import OTHER_WARD
from services.registration.subjects.problems import NOT_YET_KNOWN
from tests.builders import HOA_HUNG, SAI_GON, SATURDAY, event
from tests.registration.deciding import after, refused

LAUNCH = datetime(2025, 3, 14, 8, 0, tzinfo=CITY_TIME)
LATER = SATURDAY + timedelta(days=1)


def test_a_point_is_open_until_it_is_closed() -> None:
    opened, closed = event(ServicePointOpened), event(ServicePointClosed, at=LATER)

    assert after(SERVICE_POINT, opened).closed_on is None
    assert after(SERVICE_POINT, opened, closed).closed_on == date(2025, 10, 12)


def test_an_open_point_is_not_opened_and_a_closed_one_not_closed() -> None:
    opened, closed = event(ServicePointOpened), event(ServicePointClosed, at=LATER)

    again = event(ServicePointOpened, at=LATER)
    assert refused(SERVICE_POINT, opened, again) is POINT_OPEN_ALREADY
    twice = event(ServicePointClosed, at=LATER)
    assert refused(SERVICE_POINT, opened, closed, twice) is POINT_CLOSED_ALREADY
    assert refused(SERVICE_POINT, closed) is NOT_YET_KNOWN


def test_a_point_that_opens_again_is_as_it_was_last_opened() -> None:
    opened, closed = event(ServicePointOpened, main=True), event(ServicePointClosed, at=LATER)
    again = event(ServicePointOpened, name="Điểm mới", at=LATER + timedelta(days=1))

    point = after(SERVICE_POINT, opened, closed, again)

    assert (point.name, point.main, point.closed_on) == ("Điểm mới", False, None)
    assert point.opened_on == date(2025, 10, 13)


def test_a_point_of_a_split_ward_may_be_closed_by_either_successor_and_nobody_else() -> None:
    at_nguyen_thai_binh = event(ServicePointOpened, ward="26746", at=LAUNCH, main=True)

    point = after(SERVICE_POINT, at_nguyen_thai_binh, event(ServicePointClosed, ward=SAI_GON))

    assert (point.ward, point.since, point.main) == ("26746", date(2025, 3, 14), True)
    assert point.closed_on == date(2025, 10, 11)
    elsewhere = event(ServicePointClosed, ward=HOA_HUNG)
    assert refused(SERVICE_POINT, at_nguyen_thai_binh, elsewhere) is OTHER_WARD


def test_the_district_office_of_district_1_is_history_that_a_new_ward_may_close() -> None:
    at_the_district = event(ServicePointOpened, ward="760", at=LAUNCH)

    assert after(SERVICE_POINT, at_the_district, event(ServicePointClosed, ward=SAI_GON)).closed_on


def test_a_point_names_what_stands_behind_it() -> None:
    opened = event(
        ServicePointOpened,
        neighbourhood_id="neighbourhood-1",
        organisation_id="ubnd-1",
        replicated_from="point-9",
    )

    assert [(r.kinds, r.id) for r in behind_the_point(opened)] == [
        ((NEIGHBOURHOODS,), "neighbourhood-1"),
        ((ORGANISATIONS,), "ubnd-1"),
        ((SERVICE_POINTS,), "point-9"),
    ]
