"""A refusal is no final fact: it ends when its event is recorded after all, or is let be."""

from datetime import timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.events.codes import RefusedResult
from services.events.corrections import EventRefused, EventVoided
from services.platform.unavailable import Unavailable
from tests.builders import HOA_HUNG, OFFICE, PHONE, an_event_id, posted
from tests.event_data import Json
from tests.registration.intake.desk import COORDINATOR, VOLUNTEER, Desk, Poster, kinds

ELSEWHERE = Poster(wards=frozenset({HOA_HUNG}))


def a_visit(**envelope: object) -> Json:
    return posted(CitizenAssisted, channel="home", envelope={"source": PHONE, **envelope})


def refusals(desk: Desk) -> list[EventRefused]:
    return [e for e in desk.published() if isinstance(e, EventRefused)]


def counted(desk: Desk) -> list[EventRefused]:
    """Those that figures count."""
    voided = {e.data.event_id for e in desk.published() if isinstance(e, EventVoided)}
    return [told for told in refusals(desk) if told.id not in voided]


async def to_look_at(desk: Desk) -> list[str]:
    """The events on the ward's list."""
    return [told.data.event_id for told in await desk.kept.open_after("", 100)]


def let_be(refusal: EventRefused, **envelope: object) -> Json:
    told: Json = {"event_id": refusal.id, "target_type": refusal.type, "reason": "settled"}
    return posted(EventVoided, ward=refusal.ward, envelope={"source": OFFICE, **envelope}, **told)


async def test_refusal_stands_on_the_list_until_something_answers_it() -> None:
    desk = Desk()
    visit = a_visit()

    await desk.post(visit, by=ELSEWHERE)

    assert await to_look_at(desk) == [visit["id"]]
    assert len(counted(desk)) == 1


@pytest.mark.parametrize("by", [COORDINATOR, VOLUNTEER], ids=["its ward", "its phone"])
async def test_refusal_ends_when_its_event_is_accepted_whoever_sends_it(by: Poster) -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit, by=ELSEWHERE)

    results = await desk.post(visit, by=by)

    assert kinds(results) == ["accepted"]
    assert await to_look_at(desk) == []
    assert counted(desk) == []


async def test_all_refusals_of_an_event_end_with_it() -> None:
    desk = Desk()
    visit = a_visit()
    stranger = Poster(source="/device/phone-2")
    await desk.post(visit, by=ELSEWHERE)
    await desk.post(visit, by=stranger)

    await desk.post(visit)

    assert len(refusals(desk)) == 2
    assert await to_look_at(desk) == []
    assert counted(desk) == []


async def test_refusal_ends_when_another_event_replaces_its_own() -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit, by=ELSEWHERE)

    results = await desk.post({**a_visit(), "id": an_event_id(), "replaces": visit["id"]})

    assert kinds(results) == ["accepted"]
    assert await to_look_at(desk) == []
    assert counted(desk) == []


async def test_ward_lets_a_refusal_be() -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit, {**visit, "ward": HOA_HUNG})
    [conflict] = refusals(desk)

    results = await desk.post(
        let_be(conflict), let_be(conflict), by=Poster(COORDINATOR.role, OFFICE, None)
    )

    assert conflict.data.result is RefusedResult.CONFLICT
    assert kinds(results) == ["accepted", "accepted"]
    assert await to_look_at(desk) == []
    assert counted(desk) == []


async def test_conflict_stays_for_a_person_whatever_the_first_one_becomes() -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit, {**visit, "data": {**visit["data"], "channel": "phone"}})

    await desk.post({**a_visit(), "id": an_event_id(), "replaces": visit["id"]})
    await desk.post(visit)

    assert await to_look_at(desk) == [visit["id"]]


async def test_phone_lets_no_refusal_be() -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit, by=ELSEWHERE)
    [refusal] = refusals(desk)

    results = await desk.post(let_be(refusal, source=PHONE), by=ELSEWHERE)

    assert kinds(results) == ["void_not_yours"]
    assert visit["id"] in await to_look_at(desk)


async def test_refusal_that_was_let_be_may_be_admitted_yet() -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit, by=ELSEWHERE)
    await desk.post(let_be(refusals(desk)[0]), by=COORDINATOR)

    assert kinds(await desk.post(visit, by=COORDINATOR)) == ["accepted"]


async def test_end_of_a_refusal_is_known_on_the_day_on_which_its_event_was_recorded() -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit, by=ELSEWHERE)
    desk.now += timedelta(days=1)

    await desk.post(visit)

    [void] = [e for e in desk.published() if isinstance(e, EventVoided)]
    assert (void.recordedtime, void.causationid) == (desk.now, visit["id"])


async def test_refusal_that_a_dead_process_left_open_ends_with_the_next_sweep() -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit, by=ELSEWHERE)
    desk.kept.away = True
    with pytest.raises(Unavailable):
        await desk.post(visit)
    desk.kept.away = False

    await desk.intake.releases.sweep()

    assert await to_look_at(desk) == []
    assert counted(desk) == []
