"""What stands before anybody goes out: wards, neighbourhoods, points, teams and their phones."""

import hashlib
from collections.abc import Collection, Iterator
from datetime import date
from functools import cached_property

from demo import parameters as p
from demo.chance import chance, shares
from demo.people import PHONES
from demo.setting import ODD, Manner, Member, Neighbourhood, Phone, Point, Team
from services.events.codes import Channel, MemberKind, MemberRole, ServicePointKind, TeamKind
from services.platform.vietnam.wards import Ward, WardKind, current, ward_at, wards_on

COME_TO_POINT = 100
"""Households of the ward's first team whose people come to its point too: met twice, count once."""


def _member_id(told: str) -> str:
    """As registration would make it, and the same in every run."""
    return f"m-{hashlib.sha256(told.encode()).hexdigest()[:24]}"


class City:
    """The whole setting of one seed; `scale` 1 is the whole city, less is fewer neighbourhoods.

    `only` names wards where it plays; none: all 168.
    """

    def __init__(self, seed: int, scale: float, only: Collection[str] = ()) -> None:
        self.seed = seed
        self.scale = scale
        self.wards = tuple(ward for ward in current() if not only or ward.code in only)
        self.neighbourhoods: list[Neighbourhood] = []
        self.points: list[Point] = []
        self.teams: list[Team] = []
        self._households = 1
        self.points_then = [*self._points_of_district_1()]
        self.teams_then = [
            self._formation(point, p.DISTRICT_1, self._ground(p.HOUSEHOLDS[0]))
            for point in self.points_then
        ]
        for ward in self.wards:
            self._settle(ward)
        if self._households * p.HELPED_IN_A_HOUSEHOLD > PHONES:
            raise ValueError("the invented phone numbers do not suffice for a city this large")

    @cached_property
    def phones(self) -> tuple[Phone, ...]:
        """All that go out."""
        names = [(f"{t.id}-{n}", t) for t in self.teams for n in range(1, t.pairs + 1)]
        from_door_to_door = [name for name, team in names if not team.service_point_id]
        drawn = list(from_door_to_door)
        chance(self.seed, "suspicious").shuffle(drawn)
        odd = dict(zip(drawn, ODD, strict=False))
        return tuple(
            Phone(name, team, self._clock_wrong(name), odd.get(name, Manner.HONEST))
            for name, team in names
        )

    @cached_property
    def phones_then(self) -> tuple[Phone, ...]:
        """Of Quận 1's formations, in March 2025."""
        return tuple(Phone(f"{team.id}-1", team) for team in self.teams_then)

    def silent(self, day: date) -> tuple[frozenset[str], frozenset[str]]:
        """Wards that send nothing till noon, and nothing all day."""
        codes = [w.code for w in self.wards if w.code not in p.TEAMS_KNOWN]
        both = p.SILENT_TILL_NOON + p.SILENT_ALL_DAY
        drawn = chance(self.seed, "silent", day).sample(codes, both) if both < len(codes) else []
        return frozenset(drawn[: p.SILENT_TILL_NOON]), frozenset(drawn[p.SILENT_TILL_NOON :])

    def _settle(self, ward: Ward) -> None:
        self.points.append(_one_stop(ward))
        draw = chance(self.seed, "ward", ward.code)
        active = draw.uniform(*p.ACTIVE)
        teams = [
            self._team(ward, n, neighbourhood, active)
            for n, neighbourhood in enumerate(self._grounds(ward), start=1)
        ]
        self.teams += teams
        if ward.code in p.TEAMS_KNOWN or draw.random() < p.FORMATION_IN_WARD:
            whose = teams[0].ground[:COME_TO_POINT]
            self.teams.append(self._formation(self.points[-1], ward.code, whose))

    def _grounds(self, ward: Ward) -> Iterator[Neighbourhood | None]:
        """One for each team; where the neighbourhoods are not known, a team has the whole ward."""
        if known := p.TEAMS_KNOWN.get(ward.code):
            yield from [None] * known
            return
        here = [*self._neighbourhoods_of(ward)]
        self.neighbourhoods += here
        share = chance(self.seed, "with team", ward.code).uniform(*p.TEAM_IN_NEIGHBOURHOOD)
        yield from here[: max(1, round(share * len(here)))]

    def _neighbourhoods_of(self, ward: Ward) -> Iterator[Neighbourhood]:
        rural = ward.kind is not WardKind.PHUONG
        kind, prefix, name = ("ap", "ap", "Ấp") if rural else ("khu_pho", "kp", "Khu phố")
        many = chance(self.seed, "size", ward.code).randint(*(p.AP if rural else p.KHU_PHO))
        for n in range(1, max(1, round(many * self.scale)) + 1):
            size = chance(self.seed, "households", ward.code, n).randint(*p.HOUSEHOLDS)
            yield Neighbourhood(
                f"{prefix}-{ward.code}-{n:02d}", ward.code, kind, f"{name} {n}", size
            )

    def _team(self, ward: Ward, n: int, ground: Neighbourhood | None, active: float) -> Team:
        id_ = f"to-{ward.code}-{n:02d}"
        place = ground.name if ground else f"Khu phố thứ {n}"
        draw = chance(self.seed, "team", id_)
        return Team(
            id=id_,
            ward=ward.code,
            kind=TeamKind.COMMUNITY_TECH_TEAM,
            name=f"Tổ công nghệ số cộng đồng {place} ({p.BANNER})",
            organisation_id=office_of(ward.code),
            members=self._members(id_),
            pairs=draw.randint(*p.PAIRS) if draw.random() < active else 0,
            neighbourhood_id=ground.id if ground else None,
            ground=self._ground(ground.households if ground else draw.randint(*p.HOUSEHOLDS)),
        )

    def _formation(self, point: Point, office: str, ground: range) -> Team:
        id_ = f"doi-{point.id.removeprefix('diem-')}"
        return Team(
            id=id_,
            ward=point.ward,
            kind=TeamKind.DX_FORMATION,
            name=f"Đội hình chuyển đổi số cộng đồng, {point.name}",
            organisation_id=office_of(office),
            members=self._members(id_),
            pairs=1,
            service_point_id=point.id,
            ground=ground,
            channel=Channel.SERVICE_POINT,
        )

    @cached_property
    def festival(self) -> tuple[Point, Phone] | None:
        """Chợ Lớn's booth on 7 November, and the phone of the volunteers who start there."""
        tech = [team for team in self.teams if team.ward == p.CHO_LON]
        if not tech:
            return None
        id_ = f"ngay-hoi-{p.CHO_LON}"
        office = office_of(p.CHO_LON)
        name = f"Ngày hội chuyển đổi số phường Chợ Lớn ({p.BANNER})"
        booth = Point(f"diem-{id_}", p.CHO_LON, ServicePointKind.BOOTH, name, office)
        team = Team(
            id=f"doi-{id_}",
            ward=p.CHO_LON,
            kind=TeamKind.LITERACY_VOLUNTEERS,
            name=f"Đội hình tình nguyện Bình dân học vụ số phường Chợ Lớn ({p.BANNER})",
            organisation_id=office,
            members=self._members(id_),
            pairs=1,
            ground=tech[0].ground[:COME_TO_POINT],
            service_point_id=booth.id,
            channel=Channel.BOOTH,
        )
        return booth, Phone(f"{team.id}-1", team)

    def _ground(self, households: int) -> range:
        first, self._households = self._households, self._households + households
        return range(first, first + households)

    def _members(self, team_id: str) -> tuple[Member, ...]:
        draw = chance(self.seed, "members", team_id)
        others: list[MemberKind] = [kind for kind in MemberKind if kind is not MemberKind.POLICE]
        kinds = draw.choices(others, k=max(p.MEMBERS))
        if draw.random() < p.WITH_POLICE:
            kinds[1] = MemberKind.POLICE
        return tuple(
            Member(
                id=_member_id(f"{team_id}-tnv-{n:02d}"),
                kind=kind,
                role=MemberRole.HEAD if n == 1 else MemberRole.MEMBER,
            )
            for n, kind in enumerate(kinds[: draw.randint(*p.MEMBERS)], start=1)
        )

    def _points_of_district_1(self) -> Iterator[Point]:
        """The district's office and its ten wards' on 14 March 2025."""
        district = ward_at(p.DISTRICT_1, p.HISTORY_DAY)
        here = [w for w in wards_on(p.HISTORY_DAY) if w.district == p.DISTRICT_1]
        for ward in (*((district,) if district else ()), *here):
            yield Point(
                id=f"diem-{ward.code}-2025-03",
                ward=ward.code,
                kind="ward_office",
                name=f"Trụ sở UBND {ward.name} ({p.BANNER})",
                organisation_id=office_of(p.DISTRICT_1),
                main=ward is district or ward.short_name in p.MAIN_WARDS_THEN,
            )

    def _clock_wrong(self, name: str) -> int:
        wrong, ahead = shares(2, self.seed, "clock", name)
        seconds = int(p.CLOCK_ERROR.total_seconds())
        return (seconds if ahead < 0.5 else -seconds) if wrong < p.WRONG_CLOCK else 0


def office_of(code: str) -> str:
    """The organisation of a ward, or of the abolished district."""
    return f"ubnd-{code}"


def _one_stop(ward: Ward) -> Point:
    return Point(
        id=f"diem-{ward.code}",
        ward=ward.code,
        kind="one_stop",
        name=f"Bộ phận một cửa {ward.name} ({p.BANNER})",
        organisation_id=office_of(ward.code),
    )
