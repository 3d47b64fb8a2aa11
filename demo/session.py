"""A pair's session: door after door, or at a point; what it records, in groups that stay together.

What is recorded at one door (the visit, whom they helped, consents, signatures) is one `Stop`: the
phone uploads it in one go.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from demo import parameters as p
from demo.at_the_door import address_of, knock
from demo.chance import one_of
from demo.help import lines
from demo.people import Person, person
from demo.record import Record
from demo.setting import Manner, Phone
from demo.writing import Writer
from services.events.codes import MemberKind, Service, VisitOutcome
from services.events.envelope import CITY_TIME


@dataclass(slots=True)
class Stop:
    """Records made at one place, one after the other."""

    ended_at: datetime
    records: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Pace:
    """How a session goes; the three odd manners differ here alone."""

    doors: int
    people: int
    shortest_s: int = p.LEAST_S
    median_s: int = p.MEDIAN_S

    @classmethod
    def of(cls, manner: Manner, draw: Random) -> "Pace":
        """As honest pairs do, but for a planted phone."""
        if manner is Manner.TOO_FAST:
            return cls(doors=60, people=60, shortest_s=20, median_s=45)
        return cls(draw.randint(*p.DOORS), draw.randint(*p.PEOPLE))


class Session:
    """One outing of one phone on one day."""

    def __init__(self, seed: int, phone: Phone, starts_at: datetime, draw: Random) -> None:
        self._seed = seed
        self._phone = phone
        self._team = phone.team
        self._now = starts_at
        self._draw = draw
        self._pace = Pace.of(phone.manner, draw)
        self._write = Writer(phone, draw)
        self.to_see_again: list[tuple[date, int]] = []
        """Households that asked to come again, with the day."""

    def doors(self, households: Sequence[int], weights: dict[VisitOutcome, int]) -> Iterator[Stop]:
        """From door to door."""
        found = [one_of(weights, self._draw) for _ in range(self._pace.doors)]
        helped = iter(_spread(self._pace.people, found.count(VisitOutcome.MET), self._draw))
        for household, outcome in zip(households, found, strict=False):
            self._now += timedelta(seconds=self._draw.randint(40, 90))
            people = next(helped) if outcome is VisitOutcome.MET else 0
            yield self._door(household, outcome, people)

    def at_point(self, households: Sequence[int], among: Sequence[Service] = ()) -> Iterator[Stop]:
        """People come to the point, each from another household."""
        for household in households[: self._pace.people]:
            number = household * p.HELPED_IN_A_HOUSEHOLD + self._draw.randrange(2)
            stop = Stop(self._now)
            self._help(stop, person(self._seed, number), None, among)
            yield stop

    def _door(self, household: int, outcome: VisitOutcome, people: int) -> Stop:
        stop = Stop(self._now)
        visit = knock(self._seed, household, outcome, self._now.date(), self._draw)
        if "revisit_on" in visit:
            self.to_see_again.append((visit["revisit_on"], household))
        stop.records.append(self._write.visited(self._now, household, visit))
        first = household * p.HELPED_IN_A_HOUSEHOLD
        for number in range(first, first + people):
            self._help(stop, person(self._seed, number), household)
        return stop

    def _help(
        self, stop: Stop, who: Person, household: int | None, among: Sequence[Service] = ()
    ) -> None:
        seconds = self._length()
        self._now += timedelta(seconds=seconds)
        stop.ended_at = self._now
        helper = self._draw.choice(self._team.members)
        given = lines(self._draw, police=helper.kind is MemberKind.POLICE, among=among)
        if self._phone.manner is Manner.ALL_ALIKE:
            given = [{"service": Service.CITIZEN_APP, "before": "none", "outcome": "using"}]
        where = address_of(household) if household is not None else {}
        write = self._write
        stop.records.append(write.assisted(self._now, who, where, given, helper, seconds))
        stop.records += write.signature(self._now, who, given)
        if who.consents and not among:
            stop.records += write.consent(self._now, who)

    def _length(self) -> int:
        """Its logarithm is normal about the median."""
        seconds = self._draw.lognormvariate(math.log(self._pace.median_s), p.SPREAD)
        return round(min(max(seconds, self._pace.shortest_s), p.LONGEST_S))


def beginning(day: date, phone: Phone, draw: Random, *, weekend: bool) -> tuple[datetime, str]:
    """When the pair sets out, and at which of the three times of day."""
    if phone.manner is Manner.AT_NIGHT:
        start = datetime.combine(day, p.MORNING, CITY_TIME) - timedelta(hours=7)
        return start, "night"
    [slot] = draw.choices(("morning", "afternoon", "evening"), p.HOURS[weekend])
    hour = dict(zip(("morning", "afternoon", "evening"), p.STARTS, strict=True))[slot]
    return datetime.combine(day, hour, CITY_TIME) + timedelta(minutes=draw.uniform(0, 25)), slot


def outcomes(slot: str, *, weekend: bool) -> dict[VisitOutcome, int]:
    """Whom a pair finds at home then."""
    if slot == "evening":
        return p.IN_THE_EVENING
    return p.ON_A_WEEKDAY_MORNING if slot == "morning" and not weekend else p.ELSEWHEN


def _spread(people: int, doors: int, draw: Random) -> list[int]:
    """So many people behind so many open doors, at most three behind one."""
    behind = [0] * doors
    for _ in range(min(people, doors * p.HELPED_IN_A_HOUSEHOLD)):
        fewest = min(behind)
        behind[draw.choice([n for n, count in enumerate(behind) if count == fewest])] += 1
    return behind
