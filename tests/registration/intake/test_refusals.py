"""What was refused is kept for whose it is, and so much of it and no more."""

import pytest

from services.events.assistance import CitizenAssisted
from tests.builders import CHO_LON, HOA_HUNG, posted
from tests.registration.intake.desk import Desk, Poster, kinds

HERE = Poster(wards=frozenset({CHO_LON}))


@pytest.mark.parametrize("ward", [HOA_HUNG, "79", "99999", "26746", None, 7])
async def test_refusal_lies_with_the_posters_ward_whatever_the_body_says(ward: object) -> None:
    desk = Desk()

    await desk.post(posted(CitizenAssisted, envelope={"ward": ward}), by=HERE)

    [(told, _)] = desk.kept.bodies.values()
    assert told.ward == CHO_LON


async def test_refusal_of_somebody_of_two_wards_lies_with_the_one_it_names() -> None:
    desk = Desk()
    both = Poster(wards=frozenset({CHO_LON, HOA_HUNG}))

    for ward in (CHO_LON, HOA_HUNG):
        await desk.post(posted(CitizenAssisted, envelope={"ward": ward}, hobby="x"), by=both)

    assert [told.ward for told, _ in desk.kept.bodies.values()] == [CHO_LON, HOA_HUNG]


async def test_refusal_of_somebody_without_a_ward_lies_with_the_city() -> None:
    desk = Desk()

    await desk.post(posted(CitizenAssisted), by=Poster(wards=frozenset()))

    [(told, _)] = desk.kept.bodies.values()
    assert told.ward == "79"


async def test_only_so_many_refusals_of_one_source_are_kept_a_day() -> None:
    desk = Desk()
    desk.kept.a_day = 3

    results = await desk.post(*[posted(CitizenAssisted, hobby="x") for _ in range(5)], by=HERE)

    assert kinds(results) == ["unknown_field"] * 3 + ["too_many_refusals"] * 2
    assert all(result.retryable for result in results[3:])
    assert len(desk.kept.bodies) == len(desk.published()) == 3


async def test_event_refused_before_is_answered_as_before_on_a_full_day() -> None:
    desk = Desk()
    desk.kept.a_day = 2
    refused = [posted(CitizenAssisted, hobby="x") for _ in range(2)]
    await desk.post(*refused, by=HERE)

    assert kinds(await desk.post(*refused, by=HERE)) == ["unknown_field"] * 2


@pytest.mark.parametrize("again", [1, 2, 5])
@pytest.mark.parametrize("together", [True, False], ids=["one upload", "one by one"])
async def test_what_is_refused_again_takes_no_room_from_what_is_refused_for_the_first_time(
    again: int, *, together: bool
) -> None:
    desk = Desk()
    desk.kept.a_day = 3
    same, *others = [posted(CitizenAssisted, hobby="x") for _ in range(3)]
    uploads = (
        [[same] * again, others] if together else [[same]] * again + [[same, o] for o in others]
    )

    said = [kinds(await desk.post(*upload, by=HERE)) for upload in uploads]

    assert {kind for kinds_ in said for kind in kinds_} == {"unknown_field"}
    assert len(desk.kept.bodies) == 3


async def test_full_day_of_one_source_stops_nobody_else() -> None:
    desk = Desk()
    desk.kept.a_day = 1
    await desk.post(*[posted(CitizenAssisted, hobby="x") for _ in range(3)], by=HERE)

    other = Poster(source="/device/phone-2", wards=frozenset({CHO_LON}))
    results = await desk.post(posted(CitizenAssisted, hobby="x"), by=other)

    assert kinds(results) == ["unknown_field"]


async def test_full_day_stops_nothing_that_is_right() -> None:
    desk = Desk()
    desk.kept.a_day = 0

    results = await desk.post(posted(CitizenAssisted, hobby="x"), posted(CitizenAssisted), by=HERE)

    assert kinds(results) == ["too_many_refusals", "accepted"]
