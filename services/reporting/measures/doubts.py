"""Doubt about what was observed: told twice, by two teams, of nobody, by a wrong clock.

An observed event is never refused for what else is known (decision 0002): it counts, and what looks
wrong beside the others counts here too, until one of them is voided.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple, TypeAlias, cast

from services.events.assistance import CitizenAssisted
from services.events.codes import Code
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import TEAM
from services.reporting.definitions.measure import Codes, Fact, Measure, Point, count
from services.reporting.measures.signatures import STEPS, Step

ONE_VISIT = timedelta(minutes=15)
"""As long as a talk at a door with its help lasts: within it two members of a team write down one
visit, and no team comes back to the same people for the same thing."""
ONE_ENTRY = timedelta(minutes=1)
"""Within it nobody knocks in vain, turns back and is met: two outcomes are of one visit."""
CLOCK_WRONG_BY = timedelta(minutes=10)
"""As far as registration lets `time` lie ahead: such a phone would be refused, were its clock not
corrected, and what it tells without a way to correct it cannot be trusted."""


class Doubt(Code):
    """Why a record is in doubt."""

    RECORDED_TWICE = "recorded_twice", "Nghi ghi hai lần", "Perhaps recorded twice"
    TWO_TEAMS = "two_teams", "Hai tổ trong một ngày", "Two teams on one day"
    NOBODY_KNOWN = "nobody_known", "Không rõ người được hỗ trợ", "Nobody identified"
    CLOCK_WRONG = "clock_wrong", "Đồng hồ máy sai", "The phone's clock was wrong"
    ADMITTED = "admitted", "Phường ghi nhận thay", "Recorded by the ward in a device's place"


DOUBT = Label("doubt", Doubt)

Observed: TypeAlias = HouseholdVisited | CitizenAssisted | Step
OBSERVED: tuple[type[Event], ...] = (HouseholdVisited, CitizenAssisted, *STEPS)


class Doubted(NamedTuple):
    """A record that looks wrong beside an earlier one of the same."""

    doubt: Doubt
    fact: Fact
    earlier: Fact


def doubted(history: Sequence[Fact]) -> Iterator[Doubted]:
    """Each record once, beside the latest earlier one; of what stands, oldest first."""
    for place, fact in enumerate(history):
        same = [other for other in history[:place] if _is_of_the_same(other, fact)]
        ours = [other for other in same if _same_teller(other, fact)]
        others = [other for other in same if "" not in _teams(other, fact)]
        if ours and _is_one_visit(ours[-1], fact):
            yield Doubted(Doubt.RECORDED_TWICE, fact, ours[-1])
        elif others and not ours:
            yield Doubted(Doubt.TWO_TEAMS, fact, others[-1])


def _is_of_the_same(earlier: Fact, later: Fact) -> bool:
    """Beside having one household or citizen: one service, or one step of a signature."""
    if isinstance(earlier.event, CitizenAssisted):
        return bool(_services(earlier) & _services(later))
    return earlier.event.type == later.event.type


def _same_teller(earlier: Fact, later: Fact) -> bool:
    """A CA that tells what a team told as well is none, and no second team."""
    one_team = len(teams := _teams(earlier, later)) == 1 and "" not in teams
    return one_team or earlier.event.source == later.event.source


def _is_one_visit(earlier: Fact, later: Fact) -> bool:
    apart = later.at - earlier.at
    return apart <= (ONE_VISIT if _outcome(earlier) == _outcome(later) else ONE_ENTRY)


def _services(fact: Fact) -> set[str]:
    return {given.service for given in cast(CitizenAssisted, fact.event).data.services}


def _outcome(fact: Fact) -> str:
    """Of a door: an absent household may be met soon after."""
    return fact.event.data.outcome if isinstance(fact.event, HouseholdVisited) else ""


def team_of(event: Event) -> str:
    """Whose record it is; empty: no team's."""
    return cast(Observed, event).data.team_id or ""


def _teams(*facts: Fact) -> set[str]:
    return {team_of(fact.event) for fact in facts}


def _points(history: Sequence[Fact]) -> Counter[Point]:
    return Counter(
        Point(fact.day, (doubt, team_of(fact.event))) for doubt, fact, _ in doubted(history)
    )


def same_on_a_day(fact: Fact) -> str | None:
    """The day of a household, of a citizen (of the household where nobody was identified), or of a
    signature; `households` and `people` have the same keys, so that facts carry no more of them."""
    event = cast(Observed, fact.event)
    if isinstance(event, HouseholdVisited):
        of: str | None = event.data.household_id
    elif isinstance(event, CitizenAssisted):
        of = event.data.citizen_id or event.data.household_id
    else:
        of = event.subject
    return f"{of}|{fact.day}" if of else None


def _in_doubt(name: str, *on: type[Event]) -> Measure:
    return Measure(name, (DOUBT, TEAM), on, same_on_a_day, _points, at_least=2)


def _alone(event: Event) -> Iterator[Codes]:
    """What is in doubt by itself."""
    if isinstance(event, CitizenAssisted) and not event.data.citizen_id:
        yield Doubt.NOBODY_KNOWN, team_of(event)
    if event.devicetime and abs(event.time - event.devicetime) > CLOCK_WRONG_BY:
        yield Doubt.CLOCK_WRONG, team_of(event)
    if event.admittedby:
        yield Doubt.ADMITTED, team_of(event)


DOORS_IN_DOUBT = _in_doubt("doors_in_doubt", HouseholdVisited)
HELP_IN_DOUBT = _in_doubt("help_in_doubt", CitizenAssisted)
SIGNATURES_IN_DOUBT = _in_doubt("signatures_in_doubt", *STEPS)
RECORDS_IN_DOUBT = count("records_in_doubt", (DOUBT.overlapping, TEAM), OBSERVED, _alone)
"""A record may be in doubt for several reasons."""

BESIDE_OTHERS = (DOORS_IN_DOUBT, HELP_IN_DOUBT, SIGNATURES_IN_DOUBT)
"""What is judged by the records of one day in one ward."""
