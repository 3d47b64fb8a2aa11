"""The whole campaign from a seed: pure, and day by day, so that more days are only more of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from demo import parameters as p
from demo.chance import chance
from demo.city import City
from demo.foundation import Foundation
from demo.session import Session, Stop, beginning, outcomes
from demo.setting import Phone
from demo.uploads import Queue, Upload, in_order
from services.events.codes import Service
from services.events.envelope import CITY_TIME

SATURDAY = 5
MOST_DOORS = 60
"""No pair knocks on more doors in a day."""


@dataclass
class Rounds:
    """Which doors a phone comes to next."""

    phone: Phone
    nth: int
    """Its place among its team's phones: each has doors of its own."""
    again: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))

    def households(self, day: date) -> list[int]:
        """Those that asked for this day, then the next ones of the round."""
        team = self.phone.team
        asked = [h for on in sorted(self.again) if on <= day for h in self.again.pop(on)]
        since = (day - p.FIRST_DAY).days * max(p.PAIRS) + self.nth
        first = since * MOST_DOORS
        next_ = range(first, first + MOST_DOORS)
        return [*asked, *(team.ground[n % len(team.ground)] for n in next_)]


class Campaign:
    """`days` from 11 October 2025 on; equal seeds and scales give equal ids, whatever `days` is."""

    def __init__(self, seed: int, scale: float, days: int, only: Collection[str] = ()) -> None:
        self.seed = seed
        self.days = [p.FIRST_DAY + timedelta(days=n) for n in range(days)]
        self.city = City(seed, scale, only)
        self.foundation = Foundation(self.city)
        self._silence: dict[date, tuple[frozenset[str], frozenset[str]]] = {}

    def history(self) -> Sequence[Upload]:
        """What Quận 1's formations recorded on 14 March 2025."""
        return in_order(
            upload
            for phone in self.city.phones_then
            for upload in self._launch_day(phone, p.HISTORY_DAY, p.IN_MARCH)
        )

    def uploads(self) -> Iterator[tuple[date, Sequence[Upload]]]:
        """Each day with what arrives on it, by time; then those on which the rest arrives."""
        rounds = _rounds(self.city.phones)
        waiting: list[Upload] = []
        for day in (*self.days, *_after(self.days[-1])):
            for round_ in rounds if day in self.days else ():
                waiting += self._outing(round_, day)
            if day == p.FESTIVAL and day in self.days and self.city.festival:
                waiting += self._launch_day(self.city.festival[1], day)
            end = datetime.combine(day + timedelta(days=1), datetime.min.time(), CITY_TIME)
            if arriving := in_order(upload for upload in waiting if upload.at < end):
                yield day, arriving
            waiting = [upload for upload in waiting if upload.at >= end]

    def _launch_day(
        self, phone: Phone, day: date, among: Sequence[Service] = ()
    ) -> Iterator[Upload]:
        """A morning at a point, after the ceremony."""
        starts_at = datetime.combine(day, p.MORNING, CITY_TIME) + timedelta(hours=1)
        session = Session(self.seed, phone, starts_at, chance(self.seed, "launch day", phone.name))
        queue = Queue(self.seed, phone, starts_at)
        for stop in session.at_point(phone.team.ground, among):
            queue.take(stop)
        return queue.uploads()

    def _outing(self, round_: Rounds, day: date) -> Iterator[Upload]:
        phone = round_.phone
        draw = chance(self.seed, "outing", phone.name, day)
        weekend = day.weekday() >= SATURDAY
        if draw.random() >= p.GOES_OUT[weekend] or self._is_silent(phone, day, "all day"):
            return
        starts_at, slot = beginning(day, phone, draw, weekend=weekend)
        if slot == "morning" and self._is_silent(phone, day, "till noon"):
            return
        session = Session(self.seed, phone, starts_at.replace(microsecond=0), draw)
        queue = Queue(self.seed, phone, starts_at)
        for stop in self._stops(session, round_, day, slot):
            queue.take(stop)
        for on, household in session.to_see_again:
            round_.again[on].append(household)
        yield from queue.uploads()

    def _stops(self, session: Session, round_: Rounds, day: date, slot: str) -> Iterator[Stop]:
        team = round_.phone.team
        if not team.service_point_id:
            weekend = day.weekday() >= SATURDAY
            return session.doors(round_.households(day), outcomes(slot, weekend=weekend))
        draw = chance(self.seed, "who comes", team.id, day)
        return session.at_point(draw.sample(team.ground, k=max(p.PEOPLE)))

    def _is_silent(self, phone: Phone, day: date, how: str) -> bool:
        till_noon, all_day = self._silent(day)
        return phone.team.ward in (all_day if how == "all day" else till_noon)

    def _silent(self, day: date) -> tuple[frozenset[str], frozenset[str]]:
        if day not in self._silence:
            self._silence[day] = self.city.silent(day)
        return self._silence[day]


def _after(last: date) -> list[date]:
    return [last + timedelta(days=n) for n in range(1, p.LATEST_UPLOAD.days + 1)]


def _rounds(phones: Sequence[Phone]) -> list[Rounds]:
    seen = defaultdict[str, int](int)
    found = []
    for phone in phones:
        found.append(Rounds(phone, seen[phone.team.id]))
        seen[phone.team.id] += 1
    return found
