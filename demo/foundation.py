"""What offices decide before anybody goes out, in the order in which it must be known."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from demo import activities
from demo import parameters as p
from demo.city import City, office_of
from demo.record import Fact, Record, What, decided
from demo.setting import Neighbourhood, Point, Team
from services.events.codes import TeamKind
from services.events.envelope import CITY_TIME
from services.platform.vietnam.wards import CITY, LAST_OLD_DAY, MERGER

Steps = list[list[Record]]
"""What stands in one step may arrive in any order; each step refers to those before it only."""

KNOWN_SINCE = datetime(2025, 10, 1, 8, 0, tzinfo=CITY_TIME)
MARCH_MORNING = datetime.combine(p.HISTORY_DAY, p.MORNING, CITY_TIME) - timedelta(hours=1)
LAST_EVENING = datetime.combine(LAST_OLD_DAY, p.EVENING, CITY_TIME)
FESTIVAL_MORNING = datetime.combine(p.FESTIVAL, p.MORNING, CITY_TIME) - timedelta(hours=2)
FESTIVAL_EVENING = datetime.combine(p.FESTIVAL, p.EVENING, CITY_TIME)
CENTRE = "ttcds"


class Foundation:
    """Writes for the centre; every id follows from the seed."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._seed = city.seed

    def marker(self, name: str) -> Record:
        """The organisation that says whose data this is."""
        data = {"kind": "city", "name": f"{p.BANNER}: chiến dịch mẫu (invented figures)"}
        return self._organisation(name, CITY, MARCH_MORNING, data)

    def of_march(self) -> Steps:
        """Quận 1's office, its eleven points, and a formation at each."""
        office = self._organisation(
            office_of(p.DISTRICT_1),
            p.DISTRICT_1,
            MARCH_MORNING,
            {"kind": "district", "name": f"UBND Quận 1 ({p.BANNER})", "valid_to": LAST_OLD_DAY},
        )
        city = self._city
        points = [self._point(point, MARCH_MORNING) for point in city.points_then]
        return [[office], points, *self._teams(city.teams_then, MARCH_MORNING, p.HISTORY_DAY)]

    def end_of_district(self) -> Steps:
        """With the district on 30 June 2025 its points close and its formations end."""
        closed = [self._closed(point, LAST_EVENING) for point in self._city.points_then]
        disbanded = [
            self._write(
                "team.disbanded.v1",
                team.id,
                team.ward,
                LAST_EVENING,
                {},
                Fact(What.TEAM, team.id, LAST_EVENING, team.ward, "disbanded"),
            )
            for team in self._city.teams_then
        ]
        return [closed, disbanded]

    def of_campaign(self) -> Steps:
        """The offices of today with their neighbourhoods, points and teams."""
        city = self._city
        offices = [
            self._organisation(
                office_of(ward.code),
                ward.code,
                KNOWN_SINCE,
                {"kind": "ward", "name": f"UBND {ward.name}", "valid_from": MERGER},
            )
            for ward in city.wards
        ]
        centre = {"kind": "centre", "name": f"Trung tâm Chuyển đổi số ({p.BANNER})"}
        offices.append(self._organisation(CENTRE, CITY, KNOWN_SINCE, centre))
        return [
            offices,
            [self._neighbourhood(found) for found in city.neighbourhoods],
            [self._point(point, KNOWN_SINCE) for point in city.points],
            *self._teams(city.teams, KNOWN_SINCE, p.FIRST_DAY),
        ]

    def _teams(self, teams: Iterable[Team], at: datetime, from_day: date) -> Steps:
        found = list(teams)
        return [
            [self._formed(team, at) for team in found],
            [record for team in found for record in self._joined(team, at)],
            [self._deployed(team, at, from_day) for team in found],
        ]

    def _formed(self, team: Team, at: datetime) -> Record:
        data: dict[str, Any] = {
            "kind": team.kind,
            "name": team.name,
            "organisation_id": team.organisation_id,
            "head_member_id": team.members[0].id,
        }
        if team.neighbourhood_id:
            data["neighbourhood_id"] = team.neighbourhood_id
        fact = Fact(What.TEAM, team.id, at, team.ward, team.kind, team=team.neighbourhood_id or "")
        return self._write("team.formed.v1", team.id, team.ward, at, data, fact)

    def _joined(self, team: Team, at: datetime) -> Iterator[Record]:
        for n, member in enumerate(team.members, start=1):
            then = at + timedelta(minutes=n)
            data = {"member_id": member.id, "kind": member.kind, "role": member.role}
            fact = Fact(What.MEMBER, member.id, then, team.ward, team.kind, team=team.id)
            yield self._write("team.member_joined.v1", team.id, team.ward, then, data, fact)

    def _deployed(self, team: Team, at: datetime, from_day: date) -> Record:
        then = at + timedelta(minutes=30)
        places = [place for place in (team.neighbourhood_id, team.service_point_id) if place]
        data: dict[str, Any] = {"from_day": from_day, "places": places}
        fact = Fact(What.OTHER, team.id, then, team.ward)
        return self._write("team.deployed.v1", team.id, team.ward, then, data, fact)

    def of_festival(self) -> Steps:
        """Chợ Lớn's festival with its booth, and its volunteers, who were launched there."""
        if self._city.festival is None:
            return []
        booth, phone = self._city.festival
        teams = self._teams([phone.team], FESTIVAL_MORNING, p.FESTIVAL)
        held = activities.festival(self._seed, office_of(p.CHO_LON), FESTIVAL_MORNING)
        return [*held, [self._point(booth, FESTIVAL_MORNING)], *teams]

    def end_of_festival(self) -> Steps:
        """The booth closes; the volunteers stay."""
        if self._city.festival is None:
            return []
        return [[self._closed(self._city.festival[0], FESTIVAL_EVENING)]]

    def launch(self) -> Steps:
        """The ceremony, and the city's volunteers; they stand behind the others' work."""
        id_ = "doi-tinh-nguyen-thanh-pho"
        at = p.LAUNCH
        data = {
            "kind": TeamKind.CITY_VOLUNTEERS,
            "name": f"Đội tình nguyện thành phố ({p.BANNER})",
            "organisation_id": CENTRE,
            "activity_id": activities.LAUNCH,
        }
        fact = Fact(What.TEAM, id_, at, CITY, TeamKind.CITY_VOLUNTEERS)
        team = self._write("team.formed.v1", id_, CITY, at, data, fact)
        return [*activities.launch(self._seed, CENTRE), [team]]

    def _neighbourhood(self, found: Neighbourhood) -> Record:
        data = {
            "kind": found.kind,
            "name": found.name,
            "valid_from": MERGER,
            "households": found.households,
            "adults": round(found.households * p.ADULTS_A_HOUSEHOLD),
            "as_of": p.PREPARED_AT.date(),
        }
        fact = Fact(What.NEIGHBOURHOOD, found.id, KNOWN_SINCE, found.ward, amount=found.households)
        return self._write(
            "neighbourhood.registered.v1", found.id, found.ward, KNOWN_SINCE, data, fact
        )

    def _point(self, point: Point, at: datetime) -> Record:
        data = {
            "kind": point.kind,
            "name": point.name,
            "main": point.main,
            "organisation_id": point.organisation_id,
        }
        fact = Fact(What.POINT, point.id, at, point.ward, "main" if point.main else "other")
        return self._write("service_point.opened.v1", point.id, point.ward, at, data, fact)

    def _closed(self, point: Point, at: datetime) -> Record:
        fact = Fact(What.POINT, point.id, at, point.ward, "closed")
        return self._write("service_point.closed.v1", point.id, point.ward, at, {}, fact)

    def _organisation(self, id_: str, ward: str, at: datetime, data: dict[str, Any]) -> Record:
        fact = Fact(What.OTHER, id_, at, ward)
        return self._write("organisation.registered.v1", id_, ward, at, data, fact)

    def _write(
        self, type_: str, subject: str, ward: str, at: datetime, data: dict[str, Any], fact: Fact
    ) -> Record:
        return decided(self._seed, type_, subject, ward, at, data, fact)
