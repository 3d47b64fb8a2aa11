"""What becomes of posted events."""

from datetime import timedelta

import orjson
import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased
from services.events.corrections import EventRefused, EventVoided
from services.events.households import HouseholdVisited
from services.events.registry import encode
from services.events.signatures import SignatureIssued
from services.events.teams import TeamDisbanded, TeamFormed, TeamMemberJoined
from services.registration.intake.outcome import Outcomes
from services.registration.subjects.actor import Role
from tests.builders import (
    CHO_LON,
    HOA_HUNG,
    OFFICE,
    SATURDAY,
    a_national_id,
    a_person,
    a_phone,
    an_event_id,
    posted,
)
from tests.event_data import Json
from tests.registration.intake.desk import COORDINATOR, VOLUNTEER, Desk, Poster, kinds

A_DAY = timedelta(days=1)


async def test_accepted_event_is_stored_as_it_was_posted_with_the_time_of_recording() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, neighbourhood_id="khu-pho-1")

    results = await desk.post(visit)

    stored = await desk.stored(visit["id"])
    assert kinds(results) == ["accepted"]
    assert stored.event.recordedtime == desk.now
    assert visit["data"].items() <= orjson.loads(stored.body)["data"].items()


async def test_results_stand_in_the_order_posted_whatever_each_one_is() -> None:
    desk = Desk()
    known = posted(CitizenAssisted)
    await desk.post(known)

    results = await desk.post(
        posted(CitizenAssisted, ward=HOA_HUNG), known, posted(CitizenAssisted), {"id": "x"}
    )

    assert kinds(results) == ["out_of_scope", "duplicate", "accepted", "invalid_id"]


async def test_same_event_again_is_a_duplicate_and_stands_once() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)

    results = await desk.post(visit, visit) + await desk.post(visit)

    assert kinds(results) == ["accepted", "duplicate", "duplicate"]
    assert len(desk.published()) == 1


async def test_order_of_keys_does_not_make_a_conflict() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)
    turned = dict(reversed(visit.items()))

    assert kinds(await desk.post(visit, turned)) == ["accepted", "duplicate"]


async def test_same_id_with_other_content_is_a_conflict_and_the_first_stands() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)
    other = {**visit, "data": {**visit["data"], "channel": "phone"}}

    results = await desk.post(visit, other)

    assert kinds(results) == ["accepted", "id_conflict"]
    assert orjson.loads((await desk.stored(visit["id"])).body)["data"]["channel"] == "home"


async def test_known_event_is_a_duplicate_even_for_a_poster_who_lost_its_scope() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)
    await desk.post(visit)

    results = await desk.post(visit, by=Poster(wards=frozenset()))

    assert kinds(results) == ["duplicate"]


async def test_person_leaves_ids_and_nothing_else_in_the_event() -> None:
    desk = Desk()
    person = a_person(name="Người thứ nhất", address="12 hẻm 3")
    visit = posted(CitizenAssisted, person=person)

    await desk.post(visit)

    body = (await desk.stored(visit["id"])).body.decode()
    data = orjson.loads(body)["data"]
    assert data["citizen_id"].startswith("c")
    assert "person" not in data
    assert not [value for value in person.values() if str(value) in body and value != "self"]


async def test_one_person_has_one_id_whether_known_by_number_or_phone() -> None:
    desk = Desk()
    person = a_person()
    by_number = posted(CitizenAssisted, person=person)
    by_phone = posted(CitizenAssisted, person={**person, "national_id": None})

    await desk.post(by_number)
    await desk.post(by_phone)

    ids = {e.data.citizen_id for e in desk.published() if isinstance(e, CitizenAssisted)}
    assert len(ids) == 1


async def test_phone_of_a_relative_identifies_nobody() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, person={"phone": a_phone(), "phone_owner": "relative"})

    await desk.post(visit)

    assert "citizen_id" not in orjson.loads((await desk.stored(visit["id"])).body)["data"]


async def test_states_of_one_signature_meet_under_one_subject() -> None:
    desk = Desk()
    person = {"national_id": a_national_id()}
    issued = [posted(SignatureIssued, person=person, ca=ca) for ca in ("vnpt", "vnpt", "misa")]

    await desk.post(*issued)

    first, second, other = [(await desk.stored(e["id"])).subject for e in issued]
    assert first == second != other


async def test_rejected_event_leaves_no_person_behind() -> None:
    desk = Desk()

    await desk.post(posted(CitizenAssisted, ward=HOA_HUNG, person=a_person()))

    assert desk.persons.rows == {}


async def test_rejected_event_is_kept_and_said_again_to_its_device_once() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, ward=HOA_HUNG)

    await desk.post(visit)
    await desk.post(visit)

    [refusal] = [e for e in desk.published() if isinstance(e, EventRefused)]
    assert (refusal.data.event_id, refusal.data.poster) == (visit["id"], VOLUNTEER.source)
    assert refusal.data.code == "out_of_scope"
    assert len(desk.kept.bodies) == 1


async def test_conflicting_body_is_kept_beside_the_one_that_stands() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)

    await desk.post(visit, {**visit, "ward": HOA_HUNG})

    assert [r.data.result for r, _ in desk.kept.bodies.values()] == ["conflict"]


async def test_what_may_simply_be_sent_again_is_not_published_as_refused() -> None:
    desk = Desk()

    results = await desk.post(
        posted(TeamMemberJoined, subject="team-9", envelope={"source": OFFICE}), by=COORDINATOR
    )

    assert kinds(results) == ["not_yet_known"]
    assert results[0].retryable
    assert desk.published() == []


async def test_deployment_that_is_still_on_its_way_leaves_no_refusal() -> None:
    desk = Desk()
    phone = Poster(awaited=frozenset({HOA_HUNG}))
    visit = posted(CitizenAssisted, ward=HOA_HUNG)

    before = await desk.post(visit, by=phone)
    after = await desk.post(visit, by=Poster(wards=frozenset({CHO_LON, HOA_HUNG})))

    assert (kinds(before), before[0].retryable) == (["not_sent_there_yet"], True)
    assert kinds(after) == ["accepted"]
    assert len(desk.published()) == 1


async def test_what_no_deployment_came_for_in_three_days_is_the_wards_to_look_at() -> None:
    desk = Desk()
    desk.now += 3 * A_DAY
    visit = posted(CitizenAssisted, ward=HOA_HUNG)

    results = await desk.post(visit, by=Poster(awaited=frozenset({HOA_HUNG})))

    assert (kinds(results), results[0].retryable) == (["out_of_scope"], False)
    assert len(desk.kept.bodies) == 1


@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        ({"time": (SATURDAY + timedelta(days=365)).isoformat()}, "time_ahead"),
        ({"time": (SATURDAY + timedelta(hours=5)).isoformat()}, "time_ahead"),
        ({"clockoffset": 86_400}, "time_ahead"),
        ({"type": "shift.planned.v1"}, "unknown_type"),
        ({"type": "citizen.assisted.v2"}, "unknown_type"),
    ],
)
async def test_what_time_cures_may_be_sent_again_and_leaves_no_refusal(
    envelope: Json, code: str
) -> None:
    desk = Desk()

    results = await desk.post(posted(CitizenAssisted, envelope=envelope))

    assert (kinds(results), results[0].retryable) == ([code], True)
    assert not desk.published()
    assert not desk.kept.bodies


async def test_team_is_known_once_its_neighbourhood_is() -> None:
    desk = Desk()

    results = await desk.post(posted(TeamFormed, neighbourhood_id="khu-pho-77"), by=COORDINATOR)

    assert (kinds(results), results[0].pointer) == (["not_yet_known"], "/data/neighbourhood_id")


async def test_decided_event_folds_its_subjects_row() -> None:
    desk = Desk()

    results = await desk.post(
        posted(TeamFormed, subject="team-1", neighbourhood_id=None, organisation_id=None),
        posted(TeamDisbanded, subject="team-1", at=SATURDAY + A_DAY / 24),
        by=COORDINATOR,
    )

    row = await desk.rows.get("team", "team-1")
    assert kinds(results) == ["accepted", "accepted"]
    assert row
    assert row.state["disbanded_on"] == "2025-10-11"


def a_void_of(event: Json, **envelope: object) -> Json:
    return posted(
        EventVoided,
        event_id=event["id"],
        target_type=event["type"],
        envelope={"source": event["source"], **envelope},
    )


async def test_own_event_is_voided_in_its_targets_ward_and_subject() -> None:
    desk = Desk()
    visit = posted(HouseholdVisited)
    void = a_void_of(visit)

    results = await desk.post(visit, void)

    assert kinds(results) == ["accepted", "accepted"]
    assert (await desk.stored(void["id"])).subject == (await desk.stored(visit["id"])).subject


async def test_early_void_is_held_until_its_target_comes() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)
    void = a_void_of(visit)

    first = await desk.post(void)
    before = desk.published()
    await desk.post(visit)

    assert kinds(first) == ["accepted"]
    assert before == []
    assert {e.id for e in desk.published()} == {visit["id"], void["id"]}


async def test_void_whose_target_came_while_the_process_died_is_found_by_the_sweep() -> None:
    desk = Desk()
    visit, other = posted(CitizenAssisted), Desk()
    void = a_void_of(visit)
    await desk.post(void)
    await other.post(visit)
    desk.log.entries |= other.log.entries

    await desk.intake.releases.sweep()

    assert {e.id for e in desk.published()} == {visit["id"], void["id"]}


async def test_early_void_of_a_team_undoes_the_team_when_it_comes() -> None:
    desk = Desk()
    team = posted(TeamFormed, subject="team-1", neighbourhood_id=None, organisation_id=None)

    await desk.post(a_void_of(team), by=COORDINATOR)
    await desk.post(team, by=COORDINATOR)

    assert await desk.rows.get("team", "team-1") is None


async def test_early_void_by_a_stranger_is_refused_when_its_target_comes() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)
    stranger = Poster(source="/device/phone-2")
    void = a_void_of(visit, source=stranger.source)

    await desk.post(void, by=stranger)
    await desk.post(visit)

    assert [e.data.code for e in desk.published() if isinstance(e, EventRefused)] == [
        "void_not_yours"
    ]
    outcomes = Outcomes(desk.log, desk.kept)
    of_void = await outcomes.of(void["id"], stranger)
    assert (of_void.result, of_void.code, of_void.held) == ("rejected", "void_not_yours", False)
    assert not (await outcomes.of(visit["id"], VOLUNTEER)).voided
    assert await desk.log.held("", 10) == []


async def test_erasure_cannot_be_taken_back() -> None:
    desk = Desk()
    centre = Poster(Role.CENTRE, "/user/centre-1", wards=None)
    told = {"source": centre.source}
    erasure = posted(CitizenErased, envelope=told, reason="asked_the_centre")

    results = await desk.post(erasure, a_void_of(erasure), by=centre)

    assert kinds(results) == ["accepted", "void_of_erasure"]


async def test_own_event_cannot_be_voided_a_day_later_but_its_ward_may() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)
    await desk.post(visit)
    desk.now += A_DAY + timedelta(seconds=1)

    late = await desk.post(a_void_of(visit))
    ward = await desk.post(a_void_of(visit, source=OFFICE), by=COORDINATOR)

    assert kinds(late + ward) == ["void_too_late", "accepted"]


async def test_void_of_a_void_is_refused() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)
    void = a_void_of(visit)

    results = await desk.post(visit, void, a_void_of(void))

    assert kinds(results) == ["accepted", "accepted", "void_of_void"]


async def test_dry_run_answers_the_same_and_writes_nothing() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, person=a_person())
    outside = posted(CitizenAssisted, ward=HOA_HUNG)

    results = await desk.send(orjson.dumps([visit, outside]), dry=True)

    assert kinds(results) == ["accepted", "out_of_scope"]
    assert (desk.log.entries, desk.persons.rows, desk.kept.bodies) == ({}, {}, {})


async def test_dollar_dot_and_nul_come_back_unchanged() -> None:
    desk = Desk()
    name = "$set.a\x00b $ne"
    team = posted(TeamFormed, name=name, neighbourhood_id=None, organisation_id=None)

    await desk.post(team, by=COORDINATOR)

    row = await desk.rows.get("team", team["subject"])
    assert row
    assert row.state["name"] == name
    event = (await desk.stored(team["id"])).event
    assert orjson.loads(encode(event))["data"]["name"] == name


async def test_nobody_posts_as_somebody_else() -> None:
    desk = Desk()

    results = await desk.post(posted(CitizenAssisted, envelope={"source": "/device/phone-2"}))

    assert kinds(results) == ["wrong_source"]


async def test_notification_cannot_be_posted_from_outside() -> None:
    desk = Desk()
    fake = posted(
        EventRefused,
        envelope={"source": VOLUNTEER.source},
        event_id=an_event_id(),
        poster=VOLUNTEER.source,
    )

    assert kinds(await desk.post(fake)) == ["not_allowed"]
