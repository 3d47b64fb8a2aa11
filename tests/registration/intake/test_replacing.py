"""A correction is one step: what is replaced is taken back with what replaces it, or neither."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import orjson
import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import ConsentGiven
from services.events.codes import VoidReason
from services.events.corrections import EventRefused, EventVoided
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.teams import TeamDisbanded, TeamFormed, TeamMemberJoined
from services.messaging.log.entry import Appended
from services.registration.intake.corrections import Corrections
from services.registration.intake.draft import Upload
from services.registration.intake.outcome import Outcome, Outcomes
from services.registration.slices import SUBJECTS
from services.registration.subjects.folding import Decision
from tests.builders import HOA_HUNG, OFFICE, SATURDAY, a_person, an_event_id, posted
from tests.event_data import Json
from tests.registration.intake.desk import COORDINATOR, VOLUNTEER, Desk, Poster, kinds
from tests.twins.rows import StoreTwin

A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
STRANGER = Poster(source="/device/phone-2")
OTHER_WARD = Poster(COORDINATOR.role, "/user/ward-2", frozenset({HOA_HUNG}))
CITY_WIDE = Poster(wards=None)


def a_visit(**changes: object) -> Json:
    return posted(CitizenAssisted, channel="home", **changes)  # type: ignore[arg-type]


def right(wrong: Json, **envelope: object) -> Json:
    """What replaces it: another channel, an id of its own."""
    data = wrong["data"] | ({"channel": "phone"} if "channel" in wrong["data"] else {})
    return {**wrong, "id": an_event_id(), "replaces": wrong["id"], "data": data, **envelope}


def a_void_of(event: Json) -> Json:
    envelope = {"source": event["source"]}
    told = {"event_id": event["id"], "target_type": event["type"]}
    return posted(EventVoided, envelope=envelope, **told)


def standing(desk: Desk) -> set[str]:
    """Ids of what counts, once everything that is published has been heard."""
    published = [e for e in desk.published() if not isinstance(e, EventRefused)]
    voided = {e.data.event_id for e in published if isinstance(e, EventVoided)}
    return {e.id for e in published if not isinstance(e, EventVoided)} - voided


def voids(desk: Desk) -> list[EventVoided]:
    """Those of what was recorded; the end of a refusal is one too."""
    told = [e for e in desk.published() if isinstance(e, EventVoided)]
    return [e for e in told if e.data.reason is not VoidReason.SETTLED]


def refused(desk: Desk) -> list[tuple[str, str]]:
    told = [e.data for e in desk.published() if isinstance(e, EventRefused)]
    return [(refusal.event_id, refusal.code) for refusal in told]


async def outcome(desk: Desk, event: Json, by: Poster = VOLUNTEER) -> Outcome:
    return await Outcomes(desk.log, desk.kept).of(event["id"], by)


class TestOfAnAcceptedEvent:
    async def test_correction_takes_back_what_it_replaces_in_one_append(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new = right(wrong)

        results = await desk.post(wrong) + await desk.post(new)

        stored = await desk.stored(new["id"])
        [void] = voids(desk)
        assert kinds(results) == ["accepted", "accepted"]
        assert standing(desk) == {new["id"]}
        assert stored.event.replaces == wrong["id"]
        assert (void.data.event_id, void.causationid) == (wrong["id"], new["id"])
        assert (void.data.reason, void.source) == (VoidReason.CORRECTED, new["source"])
        assert void.subject == (await desk.stored(wrong["id"])).subject

    async def test_poster_hears_what_replaced_its_event(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new = right(wrong)

        await desk.post(wrong, new)

        told = await outcome(desk, wrong)
        assert (told.voided, told.replaced_by) == (True, new["id"])
        assert (await outcome(desk, new)).replaced_by is None

    async def test_correction_that_comes_again_is_a_duplicate_and_counts_once(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new = right(wrong)
        await desk.post(wrong, new)
        desk.now += 2 * A_DAY

        results = await desk.post(new, new) + await desk.post({**new, "ward": HOA_HUNG})

        assert kinds(results) == ["duplicate", "duplicate", "id_conflict"]
        assert (standing(desk), len(voids(desk))) == ({new["id"]}, 1)

    async def test_event_has_one_successor(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new, second, third = right(wrong), right(wrong), right(wrong)

        results = await desk.post(wrong, new, second) + await desk.post(third)

        assert kinds(results) == ["accepted", "accepted", "already_replaced", "already_replaced"]
        assert results[2].pointer == "/replaces"
        assert standing(desk) == {new["id"]}
        assert refused(desk) == [(e["id"], "already_replaced") for e in (second, third)]

    async def test_correction_is_corrected_in_turn(self) -> None:
        desk = Desk()
        wrong = a_visit()
        better = right(wrong)
        best = right(better)

        results = await desk.post(best, better, wrong)

        assert kinds(results) == ["accepted"] * 3
        assert standing(desk) == {best["id"]}

    async def test_what_was_taken_back_may_still_be_recorded_anew_in_its_place(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new, second = right(wrong), right(wrong)

        results = await desk.post(wrong, a_void_of(wrong)) + await desk.post(new, second)

        assert kinds(results) == ["accepted", "accepted", "accepted", "already_replaced"]
        assert standing(desk) == {new["id"]}

    @pytest.mark.parametrize("turned", [False, True])
    async def test_both_may_come_in_one_upload_in_either_order(self, turned: bool) -> None:
        desk = Desk()
        wrong = a_visit(person=a_person(), envelope={"source": OFFICE})
        team = posted(TeamFormed, neighbourhood_id=None, organisation_id=None)
        pairs = [wrong, right(wrong), team, right(team)]

        results = await desk.post(
            *(reversed(pairs) if turned else pairs), by=Poster(COORDINATOR.role, OFFICE)
        )

        assert kinds(results) == ["accepted"] * 4
        assert standing(desk) == {pairs[1]["id"], pairs[3]["id"]}
        assert await desk.log.held("", 10) == []


class TestRights:
    """Those of a void."""

    async def test_somebody_else_may_not_correct_it(self) -> None:
        desk = Desk()
        wrong = a_visit()
        await desk.post(wrong)

        results = await desk.post(right(wrong, source=STRANGER.source), by=STRANGER)

        assert (kinds(results), results[0].pointer) == (["void_not_yours"], "/replaces")
        assert standing(desk) == {wrong["id"]}

    async def test_after_a_day_its_ward_alone_may(self) -> None:
        desk = Desk()
        wrong = a_visit()
        await desk.post(wrong)
        desk.now += A_DAY + timedelta(seconds=1)
        late, by_ward = right(wrong), right(wrong, source=OFFICE)
        elsewhere = right(wrong, source=OTHER_WARD.source, ward=HOA_HUNG)

        results = [
            *await desk.post(late),
            *await desk.post(elsewhere, by=OTHER_WARD),
            *await desk.post(by_ward, by=COORDINATOR),
        ]

        assert kinds(results) == ["void_too_late", "void_not_yours", "accepted"]
        assert standing(desk) == {by_ward["id"]}

    async def test_ward_admits_a_correction_that_its_device_sent_too_late(self) -> None:
        desk = Desk()
        wrong = a_visit()
        await desk.post(wrong)
        desk.now += A_DAY + timedelta(seconds=1)
        late = right(wrong)

        results = await desk.post(late) + await desk.post(late, by=COORDINATOR)

        assert kinds(results) == ["void_too_late", "accepted"]
        assert voids(desk)[0].source == OFFICE
        assert standing(desk) == {late["id"]}

    async def test_ward_admits_a_correction_that_moves_an_event_to_it(self) -> None:
        desk = Desk()
        wrong = a_visit()
        await desk.post(wrong)
        moved = right(wrong, ward=HOA_HUNG)

        results = await desk.post(moved) + await desk.post(moved, by=OTHER_WARD)

        assert kinds(results) == ["out_of_scope", "accepted"]
        assert standing(desk) == {moved["id"]}

    async def test_own_event_of_the_wrong_ward_is_put_where_it_belongs(self) -> None:
        desk = Desk()
        wrong = a_visit()
        await desk.post(wrong)

        results = await desk.post(right(wrong, ward=HOA_HUNG), by=CITY_WIDE)

        assert kinds(results) == ["accepted"]
        assert voids(desk)[0].ward == wrong["ward"]

    async def test_correction_is_of_the_type_that_it_corrects(self) -> None:
        desk = Desk()
        wrong = a_visit()
        other = {**posted(HouseholdVisited), "replaces": wrong["id"]}

        results = await desk.post(wrong) + await desk.post(other)

        assert kinds(results) == ["accepted", "replaces_other_type"]
        assert standing(desk) == {wrong["id"]}

    async def test_event_does_not_replace_itself(self) -> None:
        visit = a_visit()

        assert kinds(await Desk().post({**visit, "replaces": visit["id"]})) == ["replaces_itself"]

    async def test_void_replaces_nothing(self) -> None:
        desk = Desk()
        visit = a_visit()
        void = {**a_void_of(visit), "replaces": an_event_id()}

        assert kinds(await desk.post(visit, void)) == ["accepted", "void_of_void"]


class TestBeforeItsTarget:
    async def test_it_is_held_and_stands_once_that_has_come(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new = right(wrong)
        first = await desk.post(new)
        waiting = await outcome(desk, new)
        before = desk.published()
        desk.now += 2 * A_DAY

        await desk.post(wrong)

        assert (kinds(first), before) == (["accepted"], [])
        assert (waiting.result, waiting.held) == ("accepted", True)
        assert standing(desk) == {new["id"]}
        assert not (await outcome(desk, new)).held
        assert (await outcome(desk, wrong)).replaced_by == new["id"]

    async def test_it_is_known_from_the_day_on_which_both_were_there(self) -> None:
        """Else a report as known on an earlier day would change afterwards."""
        desk = Desk()
        wrong = a_visit()
        new = right(wrong)
        await desk.post(new)
        desk.now += 2 * A_DAY

        await desk.post(wrong)

        stored = await desk.stored(new["id"])
        assert stored.event.recordedtime == stored.recorded_at == desk.now
        assert voids(desk)[0].recordedtime == desk.now

    async def test_it_is_refused_then_without_the_right(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new = right(wrong, source=STRANGER.source)

        await desk.post(new, by=STRANGER)
        await desk.post(wrong)

        told = await outcome(desk, new, STRANGER)
        assert refused(desk) == [(new["id"], "void_not_yours")]
        assert (told.result, told.code) == ("rejected", "void_not_yours")
        assert standing(desk) == {wrong["id"]}
        assert await desk.log.held("", 10) == []

    async def test_one_of_two_that_waited_stands(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new, second = right(wrong), right(wrong)

        await desk.post(new, second)
        await desk.post(wrong)

        [(rejected, code)] = refused(desk)
        assert code == "already_replaced"
        assert standing(desk) == {new["id"], second["id"]} - {rejected}

    async def test_a_row_of_corrections_follows_its_first(self) -> None:
        desk = Desk()
        wrong = a_visit()
        better = right(wrong)
        best = right(better)

        for event in (best, better, wrong):
            await desk.post(event)

        assert standing(desk) == {best["id"]}
        assert await desk.log.held("", 10) == []

    async def test_its_void_waits_with_it(self) -> None:
        desk = Desk()
        wrong = a_visit()
        new = right(wrong)

        await desk.post(new)
        await desk.post(a_void_of(new))
        before = desk.published()
        await desk.post(wrong)

        assert before == []
        assert standing(desk) == set()

    async def test_sweep_finds_it_after_a_crash(self) -> None:
        desk, other = Desk(), Desk()
        wrong = a_visit()
        new = right(wrong)
        await desk.post(new)
        await other.post(wrong)
        desk.log.entries |= other.log.entries

        await desk.intake.releases.sweep()

        assert standing(desk) == {new["id"]}

    async def test_two_that_wait_for_each_other_count_nothing_and_stop_nobody(self) -> None:
        desk = Desk()
        one, other = a_visit(), a_visit()
        one["replaces"], other["replaces"] = other["id"], one["id"]

        results = await desk.post(one, other, a_visit())

        assert kinds(results) == ["accepted"] * 3
        assert len(standing(desk)) == 1


class TestOfARefusedEvent:
    async def test_correction_closes_the_refusal_once(self) -> None:
        desk = Desk()
        wrong = a_visit(ward=HOA_HUNG)
        new, second = right(wrong, ward="27343"), right(wrong, ward="27343")

        results = await desk.post(wrong) + await desk.post(new) + await desk.post(second)

        told = await outcome(desk, wrong)
        assert kinds(results) == ["out_of_scope", "accepted", "already_replaced"]
        assert (told.result, told.replaced_by) == ("rejected", new["id"])
        assert standing(desk) == {new["id"]}
        assert voids(desk) == []

    async def test_ward_closes_it_too_and_a_stranger_does_not(self) -> None:
        desk = Desk()
        wrong = a_visit()
        refusal = await desk.post({**wrong, "data": {**wrong["data"], "channel": "nowhere"}})
        by_ward = right(wrong, source=OFFICE)
        stranger = right(wrong, source=STRANGER.source)

        results = await desk.post(stranger, by=STRANGER) + await desk.post(by_ward, by=COORDINATOR)

        assert kinds(refusal + results) == ["invalid_value", "void_not_yours", "accepted"]
        assert standing(desk) == {by_ward["id"]}

    async def test_correction_that_comes_first_stands_once_the_other_is_refused(self) -> None:
        desk = Desk()
        wrong = a_visit(ward=HOA_HUNG)
        new, second = right(wrong, ward="27343"), right(wrong, ward="27343")
        await desk.post(new, second)

        await desk.post(wrong)

        assert len(standing(desk)) == 1
        assert [code for _, code in refused(desk)] == ["out_of_scope", "already_replaced"]

    async def test_event_that_is_admitted_after_its_correction_does_not_count(self) -> None:
        desk = Desk()
        wrong = a_visit(ward=HOA_HUNG)
        new = right(wrong, ward="27343")
        await desk.post(wrong)
        await desk.post(new)

        results = await desk.post(wrong, by=OTHER_WARD)

        assert kinds(results) == ["accepted"]
        assert standing(desk) == {new["id"]}
        assert (await outcome(desk, wrong)).voided

    async def test_nor_does_one_that_is_admitted_while_its_correction_comes(self) -> None:
        desk = Desk()
        wrong = a_visit(ward=HOA_HUNG)
        new = right(wrong, ward="27343")
        await desk.post(wrong)
        store = StoreMeanwhile(desk, lambda: desk.post(wrong, by=OTHER_WARD))
        refusals = desk.intake.refusals
        racing = Corrections(desk.log, store, SUBJECTS, refusals, lambda: desk.now)

        await replace(desk.intake, corrections=racing).record([new], Upload(VOLUNTEER, desk.now))

        assert standing(desk) == {new["id"]}

    async def test_what_replaces_a_refused_correction_closes_that(self) -> None:
        desk = Desk()
        wrong = a_visit()
        await desk.post(wrong)
        foreign = right(wrong, source=STRANGER.source)
        own = right(foreign, source=STRANGER.source)

        results = await desk.post(foreign, own, by=STRANGER)

        assert kinds(results) == ["void_not_yours", "accepted"]
        assert standing(desk) == {wrong["id"], own["id"]}


class StoreMeanwhile(StoreTwin):
    """Another process has done something before this one writes."""

    def __init__(self, desk: Desk, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__(desk.log, desk.rows)
        self._meanwhile = meanwhile

    async def record(self, decision: Decision) -> Appended:
        await self._meanwhile()
        return await super().record(decision)


def formed(**changes: object) -> Json:
    team: dict[str, object] = {"neighbourhood_id": None, "organisation_id": None, **changes}
    return posted(TeamFormed, **team)  # type: ignore[arg-type]


def at(hours: int) -> datetime:
    return SATURDAY + hours * AN_HOUR


class TestOfADecidedEvent:
    async def test_row_is_the_fold_of_what_replaced_it_and_of_all_that_followed(self) -> None:
        desk = Desk()
        wrong, joined = formed(name="Tổ 1"), posted(TeamMemberJoined, at=at(1))
        new = right(wrong, data={**wrong["data"], "name": "Tổ 2"})

        results = await desk.post(wrong, joined, new, by=COORDINATOR)

        row = await desk.rows.get("team", "team-1")
        assert kinds(results) == ["accepted"] * 3
        assert row
        assert (row.state["name"], len(row.state["members"])) == ("Tổ 2", 1)

    async def test_correction_that_takes_the_ground_from_what_followed_is_refused_whole(
        self,
    ) -> None:
        desk = Desk()
        wrong, joined = formed(), posted(TeamMemberJoined, at=at(1))
        later = right(wrong, time=at(2).isoformat())

        results = await desk.post(wrong, joined, later, by=COORDINATOR)

        row = await desk.rows.get("team", "team-1")
        assert kinds(results) == ["accepted", "accepted", "later_events_forbid"]
        assert voids(desk) == []
        assert standing(desk) == {wrong["id"], joined["id"]}
        assert row
        assert len(row.state["members"]) == 1

    async def test_correction_is_judged_as_if_what_it_replaces_had_never_been(self) -> None:
        desk = Desk()
        early = posted(TeamDisbanded, at=at(1))
        late = right(early, time=at(3).isoformat())
        between = posted(TeamMemberJoined, at=at(2))

        results = await desk.post(formed(), early, late, between, by=COORDINATOR)

        assert kinds(results) == ["accepted"] * 4

    async def test_event_about_the_wrong_subject_is_put_to_the_right_one(self) -> None:
        desk = Desk()
        first, second = (f"c-{n:024}" for n in (1, 2))
        wrong = posted(ConsentGiven, citizen_id=first, purposes=["visit"])
        new = {**right(wrong), "data": {**wrong["data"], "citizen_id": second}}

        results = await desk.post(wrong) + await desk.post(new)

        rows = [await desk.rows.get("citizen", citizen) for citizen in (first, second)]
        assert kinds(results) == ["accepted", "accepted"]
        assert [row.state["purposes"] if row else [] for row in rows] == [[], ["visit"]]

    async def test_one_that_waited_and_breaks_a_rule_is_refused_whole(self) -> None:
        desk = Desk()
        wrong = posted(TeamMemberJoined, at=at(1))
        new = right(wrong, time=at(3).isoformat())
        await desk.post(formed(), posted(TeamDisbanded, at=at(2)), by=COORDINATOR)
        await desk.post(new, by=COORDINATOR)

        await desk.post(wrong, by=COORDINATOR)

        assert refused(desk) == [(new["id"], "team_disbanded")]
        assert voids(desk) == []
        assert wrong["id"] in standing(desk)


async def test_dry_run_judges_a_correction_the_same_and_writes_nothing() -> None:
    desk = Desk()
    wrong, replaced, team = a_visit(), a_visit(), formed()
    await desk.post(wrong, replaced, right(replaced))
    await desk.post(team, posted(TeamMemberJoined, at=at(1)), by=COORDINATOR)
    before = dict(desk.log.entries)
    tried = [right(wrong), right(replaced), right(wrong, source=STRANGER.source)]
    later = right(team, time=at(2).isoformat())

    own = await desk.send(orjson.dumps(tried[:2]), dry=True)
    strangers = await desk.send(orjson.dumps(tried[2:]), STRANGER, dry=True)
    decided = await desk.send(orjson.dumps([later, right(team)]), COORDINATOR, dry=True)

    assert kinds(own) == ["accepted", "already_replaced"]
    assert kinds(strangers) == ["void_not_yours"]
    assert kinds(decided) == ["later_events_forbid", "accepted"]
    assert desk.log.entries == before


def _claiming(void: Event | Json, target_type: str) -> Json:
    assert isinstance(void, dict)
    return posted(EventVoided, event_id=void["id"], target_type=target_type)


async def test_void_of_a_void_is_refused_before_that_has_come() -> None:
    desk = Desk()
    void = a_void_of(a_visit())

    results = await desk.post(_claiming(void, "event.voided.v1"))

    assert (kinds(results), results[0].pointer) == (["void_of_void"], "/data/target_type")
    assert await desk.log.held("", 10) == []


async def test_void_that_hides_its_aim_is_refused_as_soon_as_that_void_comes() -> None:
    desk = Desk()
    void = a_void_of(a_visit())
    liar = _claiming(void, "citizen.assisted.v1")
    await desk.post(liar)

    await desk.post(void)

    assert refused(desk) == [(liar["id"], "void_of_void")]
    assert [held.event_id for held in await desk.log.held("", 10)] == [void["id"]]
