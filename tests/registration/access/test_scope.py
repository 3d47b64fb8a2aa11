"""What a poster covers, judged where and when the event happened."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import ConsentGiven
from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.organisations import OrganisationRegistered
from services.events.signatures import SignatureIssued
from services.events.teams import TeamMemberJoined
from services.platform.vietnam.wards import (
    LAST_OLD_DAY,
    MERGER,
    Ward,
    current,
    predecessors,
    successors,
)
from services.registration.access.actor import Device, Integrator, Kiosk, Revoked, Staff
from services.registration.access.problems import DEVICE_REVOKED
from services.registration.access.scope import Place, TeamScope
from services.registration.subjects.actor import Actor, Role
from services.registration.subjects.ground import ground, newest, readable, units
from services.registration.subjects.problems import Refusal
from tests.builders import CHO_LON, CITY, HOA_HUNG, SAI_GON, SATURDAY, event

HOME = "neighbourhood-1"
OTHER = "neighbourhood-2"
POINT = "point-1"
FAR = "neighbourhood-hoa-hung"
OLD_DAY = datetime.fromisoformat("2025-06-30T08:00:00+07:00")
DISTRICT_1 = "760"


def device(*deployments: dict[str, Any], ward: str = CHO_LON, **team: Any) -> Device:
    """A phone of team-1; places of all deployments lie in its ward, and FAR in Hòa Hưng."""
    scope = TeamScope.model_validate(
        {"ward": ward, "since": MERGER, "deployments": deployments, **team}
    )
    wards = {place: HOA_HUNG if place == FAR else CHO_LON for place in scope.place_ids}
    places = {place: Place(ward=code, since=MERGER) for place, code in wards.items()}
    return Device("/device/d-1", "team-1", scope, places)


def sent(
    *places: str, first: str = "2025-10-11", last: str | None = "2025-10-12"
) -> dict[str, Any]:
    return {"from_day": first, "to_day": last, "places": places}


def visit(place: str | None = None, **more: Any) -> Event:
    return event(HouseholdVisited, neighbourhood_id=place, **more)


class TestTeamThatWasNeverSentAnywhere:
    def test_works_in_its_ward_at_any_time(self) -> None:
        assert device().covers(visit())
        assert device().covers(visit(OTHER, at=SATURDAY + timedelta(days=100)))

    def test_works_in_no_other_ward(self) -> None:
        assert not device().covers(visit(ward=HOA_HUNG))
        assert not device().covers(event(ConsentGiven, ward=HOA_HUNG))

    def test_records_nothing_of_another_team(self) -> None:
        assert not device().covers(visit(team_id="team-2"))
        assert not device().covers(event(SignatureIssued, team_id="team-2"))

    def test_records_what_names_no_team(self) -> None:
        assert device().covers(event(SignatureIssued))
        assert device().covers(event(ConsentGiven))

    def test_records_who_joins_it_and_nobody_elses_members(self) -> None:
        assert device().covers(event(TeamMemberJoined, subject="team-1"))
        assert not device().covers(event(TeamMemberJoined, subject="team-2"))
        assert not device().covers(event(TeamMemberJoined, subject="team-1", ward=HOA_HUNG))

    def test_works_no_more_once_it_is_disbanded(self) -> None:
        ended = device(disbanded_on=SATURDAY.date())

        assert ended.covers(visit())
        assert not ended.covers(visit(at=SATURDAY + timedelta(days=1)))


class TestTeamThatIsSentOut:
    def test_works_at_its_places(self) -> None:
        team = device(sent(OTHER, POINT))

        assert team.covers(visit(OTHER))
        assert team.covers(event(CitizenAssisted, service_point_id=POINT))
        assert team.covers(event(CitizenAssisted, service_point_id=POINT, neighbourhood_id="n-9"))

    def test_works_at_no_other_place(self) -> None:
        team = device(sent(OTHER, POINT))

        assert not team.covers(visit("neighbourhood-3"))
        assert not team.covers(event(CitizenAssisted, service_point_id="point-2"))

    def test_works_on_both_of_the_days_between(self) -> None:
        team = device(sent(OTHER))

        days = [SATURDAY + timedelta(days=n) for n in (-1, 0, 1, 2)]

        assert [team.covers(visit(OTHER, at=day)) for day in days] == [False, True, True, False]

    def test_day_is_that_of_the_city(self) -> None:
        late = datetime.fromisoformat("2025-10-12T16:59:59+00:00")

        assert device(sent(OTHER)).covers(visit(OTHER, at=late))
        assert not device(sent(OTHER)).covers(visit(OTHER, at=late + timedelta(seconds=1)))

    def test_has_no_last_day_where_none_is_set(self) -> None:
        team = device(sent(OTHER, last=None))

        assert team.covers(visit(OTHER, at=SATURDAY + timedelta(days=400)))

    def test_without_places_is_sent_to_its_whole_ward(self) -> None:
        assert device(sent()).covers(visit(OTHER))
        assert not device(sent()).covers(visit(OTHER, ward=HOA_HUNG))
        assert not device(sent()).covers(visit(OTHER, at=SATURDAY + timedelta(days=9)))

    def test_may_work_in_another_ward_if_a_place_lies_there(self) -> None:
        team = device(sent(FAR))

        assert team.covers(visit(FAR, ward=HOA_HUNG))
        assert not team.covers(visit(FAR, ward=CHO_LON))
        assert not team.covers(visit(OTHER, ward=HOA_HUNG))
        assert not team.covers(visit(FAR, ward=SAI_GON))

    def test_event_that_names_no_place_is_judged_by_ward_and_day(self) -> None:
        team = device(sent(FAR))

        assert team.covers(visit(ward=HOA_HUNG))
        assert team.covers(event(ConsentGiven, ward=HOA_HUNG))
        assert not team.covers(visit(ward=HOA_HUNG, at=SATURDAY + timedelta(days=9)))
        assert not team.covers(visit(ward=CHO_LON))

    def test_is_at_home_in_its_own_neighbourhood_at_any_time(self) -> None:
        team = device(sent(OTHER), neighbourhood_id=HOME)
        later = SATURDAY + timedelta(days=30)

        assert team.covers(visit(HOME, at=later))
        assert not team.covers(visit(HOME, at=later, ward=HOA_HUNG))
        assert not team.covers(visit(OTHER, at=later))
        assert not team.covers(visit(at=later))

    def test_takes_back_what_it_recorded_wherever_it_ever_was(self) -> None:
        team = device(sent(FAR))
        later = SATURDAY + timedelta(days=9)

        assert team.covers(event(EventVoided, ward=HOA_HUNG, at=later))
        assert team.covers(event(EventVoided, ward=CHO_LON, at=later))
        assert not team.covers(event(EventVoided, ward=SAI_GON, at=later))


class TestOtherTeams:
    def test_team_of_the_city_works_in_every_ward(self) -> None:
        assert device(ward=CITY).covers(visit(ward=HOA_HUNG))
        assert device(sent(), ward=CITY).covers(visit(ward=HOA_HUNG))
        assert not device(sent(FAR), ward=CITY).covers(visit(FAR, ward=CHO_LON))

    def test_team_of_an_old_ward_goes_on_in_what_that_became(self) -> None:
        old = next(step.ward for step in predecessors(today(SAI_GON)))
        team = device(ward=old.code, since=LAST_OLD_DAY)

        assert team.covers(visit(ward=old.code, at=OLD_DAY))
        assert all(team.covers(visit(ward=step.ward.code)) for step in successors(old))
        assert not team.covers(visit(ward=HOA_HUNG))

    def test_team_of_a_district_worked_in_its_wards(self) -> None:
        team = device(ward=DISTRICT_1, since=LAST_OLD_DAY)
        old = next(
            step.ward for step in predecessors(today(SAI_GON)) if step.ward.district == DISTRICT_1
        )

        assert team.covers(visit(ward=old.code, at=OLD_DAY))
        assert team.covers(visit(ward=DISTRICT_1, at=OLD_DAY))

    def test_phone_of_a_team_that_is_not_recorded_covers_nothing(self) -> None:
        assert not Device("/device/d-1", "team-1").covers(visit())
        assert Device("/device/d-1", "team-1").wards == ()


class TestBeginning:
    ENROLLED = SATURDAY

    def phone(self) -> Device:
        return replace(device(), since=self.ENROLLED)

    def test_phone_records_nothing_from_before_it_was_enrolled(self) -> None:
        heard = self.ENROLLED + timedelta(hours=1)
        reset = [timedelta(minutes=11), timedelta(days=1), timedelta(days=3_650)]

        for ago in reset:
            with pytest.raises(Refusal, match="before_enrolment"):
                self.phone().covers(visit(at=self.ENROLLED - ago, recorded=heard))

    def test_phone_whose_clock_is_a_little_behind_is_believed(self) -> None:
        at = self.ENROLLED - timedelta(minutes=10)

        assert self.phone().covers(visit(at=at, recorded=self.ENROLLED + timedelta(minutes=1)))

    def test_day_that_a_demonstration_plays_is_no_phones_beginning(self) -> None:
        assert self.phone().covers(visit(at=self.ENROLLED - timedelta(days=30)))

    def test_void_from_before_the_enrolment_is_none(self) -> None:
        at, heard = self.ENROLLED - timedelta(days=1), self.ENROLLED + timedelta(days=1)

        with pytest.raises(Refusal, match="before_enrolment"):
            self.phone().covers(event(EventVoided, at=at, recorded=heard))

    def test_team_recorded_nothing_before_it_was_formed(self) -> None:
        team = device(since=SATURDAY.date())

        assert team.covers(visit())
        with pytest.raises(Refusal, match="before_team"):
            team.covers(visit(at=SATURDAY - timedelta(days=1)))

    def test_team_sent_out_before_it_was_formed_was_not_there(self) -> None:
        team = device(sent(OTHER, first="2025-07-01"), since=SATURDAY.date())

        with pytest.raises(Refusal, match="before_team"):
            team.covers(visit(OTHER, at=SATURDAY - timedelta(days=1)))

    def test_kiosk_begins_with_its_key(self) -> None:
        own, ends_at = ground(units((CHO_LON,))), SATURDAY + timedelta(days=9)
        kiosk = Kiosk("/device/k-1", POINT, CHO_LON, own, ends_at, since=self.ENROLLED)
        before, heard = SATURDAY - timedelta(days=1), SATURDAY + timedelta(days=1)

        with pytest.raises(Refusal, match="before_enrolment"):
            kiosk.covers(event(ConsentGiven, at=before, recorded=heard))


class TestWhatMayBeOnItsWay:
    def test_deployment_may_send_a_team_to_any_ward_of_the_city(self) -> None:
        for phone in (device(), device(sent(OTHER)), Device("/device/d-1", "team-1")):
            assert phone.may_cover_later(visit(ward=HOA_HUNG))
            assert phone.may_cover_later(visit(FAR))
            assert phone.may_cover_later(event(ConsentGiven, ward=HOA_HUNG))

    def test_nothing_makes_it_another_team(self) -> None:
        assert not device().may_cover_later(visit(team_id="team-2"))
        assert not device().may_cover_later(event(TeamMemberJoined, subject="team-2"))

    def test_nothing_sends_out_a_team_that_was_disbanded(self) -> None:
        ended = device(disbanded_on=SATURDAY.date())

        assert not ended.may_cover_later(visit(ward=HOA_HUNG, at=SATURDAY + timedelta(days=1)))

    def test_nobody_is_sent_to_a_whole_city(self) -> None:
        assert not device().may_cover_later(visit(ward=CITY))

    def test_staff_keys_and_revoked_phones_get_no_more_by_waiting(self) -> None:
        own, ends_at = ground(units((CHO_LON,))), SATURDAY + timedelta(days=9)
        others: list[Actor] = [
            Staff.of("/user/u-1", Role.WARD, (CHO_LON,)),
            Integrator("/integrator/i-1", frozenset(), ends_at, (CHO_LON,), own),
            Kiosk("/device/k-1", POINT, CHO_LON, own, ends_at),
            Revoked("/device/d-1", Role.VOLUNTEER, DEVICE_REVOKED),
        ]

        assert not any(actor.may_cover_later(visit(ward=HOA_HUNG)) for actor in others)


class TestStaff:
    def test_coordinator_covers_their_wards_alone(self) -> None:
        staff = Staff.of("/user/u-1", Role.WARD, (CHO_LON,))

        assert staff.covers(visit())
        assert not staff.covers(visit(ward=HOA_HUNG))
        assert not staff.covers(event(OrganisationRegistered, ward=CITY))

    def test_ward_records_the_history_of_the_wards_it_came_from(self) -> None:
        staff = Staff.of("/user/u-1", Role.WARD, (SAI_GON,))

        for step in predecessors(today(SAI_GON)):
            assert staff.covers(visit(ward=step.ward.code, at=OLD_DAY))
        assert not staff.covers(visit(ward=DISTRICT_1, at=OLD_DAY))

    def test_old_ward_whose_code_lives_on_is_theirs_until_the_merger_only(self) -> None:
        ward, old = a_ward_with_a_part_of_what_is_another_today()
        staff = Staff.of("/user/u-1", Role.WARD, (ward.code,))

        assert staff.covers(visit(ward=old.code, at=OLD_DAY))
        assert not staff.covers(visit(ward=old.code))
        assert old.code not in readable([ward])

    @pytest.mark.parametrize("role", [Role.CENTRE, Role.ADMIN])
    def test_centre_covers_the_whole_city_and_its_history(self, role: Role) -> None:
        staff = Staff.of("/user/u-1", role, None)

        assert staff.covers(visit(ward=HOA_HUNG))
        assert staff.covers(event(OrganisationRegistered, ward=CITY))
        assert staff.covers(visit(ward=DISTRICT_1, at=OLD_DAY))

    def test_ward_alone_posts_for_what_could_not_post_itself(self) -> None:
        ward = Staff.of("/user/u-1", Role.WARD, (CHO_LON,))
        centre = Staff.of("/user/u-2", Role.CENTRE, None)

        assert ward.may_post_as("/device/d-1")
        assert ward.may_post_as("/integrator/i-1")
        assert ward.may_post_as("/user/u-1")
        assert not ward.may_post_as("/user/u-2")
        assert not ward.may_post_as("/registration")
        assert not centre.may_post_as("/device/d-1")
        assert not device().may_post_as("/device/d-2")

    def test_administrator_sees_nothing_personal(self) -> None:
        assert Staff.of("/user/u-1", Role.WARD, (CHO_LON,)).oversees(CHO_LON)
        assert not Staff.of("/user/u-1", Role.WARD, (CHO_LON,)).oversees(HOA_HUNG)
        assert Staff.of("/user/u-2", Role.CENTRE, None).oversees(HOA_HUNG)
        assert not Staff.of("/user/u-3", Role.ADMIN, None).oversees(HOA_HUNG)


def test_kiosk_hears_consents_at_its_point() -> None:
    ends_at = SATURDAY + timedelta(days=1)
    kiosk = Kiosk("/integrator/k-1", POINT, CHO_LON, ground(units((CHO_LON,))), ends_at)

    assert kiosk.covers(event(ConsentGiven, ward=CHO_LON))
    assert not kiosk.covers(event(ConsentGiven, ward=HOA_HUNG))
    assert not kiosk.covers(event(CitizenAssisted, ward=CHO_LON))


def test_revoked_device_is_told_why() -> None:
    revoked = Revoked("/device/d-1", Role.VOLUNTEER, DEVICE_REVOKED)

    with pytest.raises(Refusal, match="device_revoked"):
        revoked.covers(visit())


def today(code: str) -> Ward:
    unit = newest(code)
    assert unit is not None
    return unit


def a_ward_with_a_part_of_what_is_another_today() -> tuple[Ward, Ward]:
    """A ward of today, and one of those it came from, whose code another ward has now."""
    return next(
        (ward, step.ward)
        for ward in current()
        for step in predecessors(ward)
        if newest(step.ward.code) not in (ward, step.ward)
    )
