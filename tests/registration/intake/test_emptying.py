"""What is left out is not said; what is said to be nothing is never passed over."""

from datetime import timedelta

import pytest

from services.events.envelope import Event
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.organisations import OrganisationRegistered
from tests.builders import SATURDAY, an_event_id, posted
from tests.event_data import Json
from tests.registration.intake.desk import COORDINATOR, Desk, kinds

LATER = SATURDAY + timedelta(hours=1)
SET: dict[type[Event], Json] = {
    OrganisationRegistered: {"valid_from": "2025-07-01", "valid_to": "2030-06-30"},
    NeighbourhoodRegistered: {
        "valid_to": "2030-06-30",
        "households": 0,
        "adults": 900,
        "as_of": "2025-10-01",
    },
}
FIELDS = [(event_class, name) for event_class, values in SET.items() for name in values]


def registered(event_class: type[Event], **data: object) -> Json:
    return posted(event_class, subject="place-1", **data)  # type: ignore[arg-type]


def again(event_class: type[Event], **data: object) -> Json:
    """With nulls, which the builder leaves out."""
    event = posted(event_class, subject="place-1", at=LATER)
    return {**event, "data": {**event["data"], **data}}


@pytest.mark.parametrize(("event_class", "name"), FIELDS)
async def test_null_of_what_was_set_is_refused(event_class: type[Event], name: str) -> None:
    desk = Desk()
    first = registered(event_class, **SET[event_class])

    results = await desk.post(first, again(event_class, **{name: None}), by=COORDINATOR)

    assert kinds(results) == ["accepted", "cannot_be_emptied"]
    assert results[1].pointer == f"/data/{name}"


@pytest.mark.parametrize(("event_class", "name"), FIELDS)
async def test_null_of_what_was_never_set_says_nothing(event_class: type[Event], name: str) -> None:
    first, second = registered(event_class), again(event_class, **{name: None})

    assert kinds(await Desk().post(first, second, by=COORDINATOR)) == ["accepted"] * 2


@pytest.mark.parametrize("event_class", SET)
async def test_what_is_left_out_stays(event_class: type[Event]) -> None:
    desk = Desk()
    first = registered(event_class, **SET[event_class])

    results = await desk.post(first, again(event_class, name="Tên mới"), by=COORDINATOR)

    assert kinds(results) == ["accepted", "accepted"]
    [row] = desk.rows.rows.values()
    assert SET[event_class].items() <= row.state.items()


async def test_empty_list_of_what_was_set_is_refused() -> None:
    desk = Desk()
    before = posted(NeighbourhoodRegistered, subject="place-0")
    first = registered(NeighbourhoodRegistered, predecessors=["place-0"])

    results = await desk.post(
        before, first, again(NeighbourhoodRegistered, predecessors=[]), by=COORDINATOR
    )

    assert kinds(results) == ["accepted", "accepted", "cannot_be_emptied"]


async def test_correction_of_the_event_that_set_it_empties_it() -> None:
    desk = Desk()
    first = registered(OrganisationRegistered, valid_to="2030-06-30")
    right = {**registered(OrganisationRegistered), "id": an_event_id(), "replaces": first["id"]}

    results = await desk.post(first, right, by=COORDINATOR)

    assert kinds(results) == ["accepted", "accepted"]
    [row] = desk.rows.rows.values()
    assert row.state["valid_to"] is None
