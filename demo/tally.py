"""What the reports must say of what stands: counted once more, plainly, with sets and loops."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from demo.record import Fact, What
from services.events.codes import TeamKind

LEFT = ("closed", "disbanded", "withdrawn", "suspended", "revoked")
FROM_PHONES = (What.DOOR, What.VISIT, What.SIGNATURE, What.CONSENT)
TEAM_FIGURES = {
    TeamKind.COMMUNITY_TECH_TEAM: "community_tech_teams",
    TeamKind.DX_FORMATION: "dx_formations",
    TeamKind.LITERACY_VOLUNTEERS: "literacy_teams",
    TeamKind.CITY_VOLUNTEERS: "city_teams",
}


@dataclass
class Tally:
    """Facts by event id; a fact that comes twice is one fact."""

    safe: dict[str, Fact] = field(default_factory=dict)
    """Accepted, in this run or in one before."""
    rejected: set[tuple[str, str]] = field(default_factory=set)
    conflicting: set[tuple[str, str]] = field(default_factory=set)
    """By phone and id: the same refusal told twice is one."""

    @property
    def standing(self) -> list[Fact]:
        """What no void takes back."""
        voided = {fact.who for fact in self.safe.values() if fact.what is What.VOID}
        return [
            fact
            for id_, fact in self.safe.items()
            if fact.what is not What.VOID and id_ not in voided
        ]

    def figures(self) -> dict[str, int]:
        """By the names of the city's overview."""
        standing = self.standing
        return {
            "accepted": sum(fact.what in FROM_PHONES for fact in standing),
            "rejected": len(self.rejected),
            "conflicting": len(self.conflicting),
            **_help(standing),
            **_doors(standing),
            **_signatures(standing),
            **_teams(standing),
            **_points(standing),
        }

    def activities(self) -> dict[str, int]:
        """By the names of the report of activities."""
        held = [fact for fact in self.standing if fact.what is What.ACTIVITY]
        return {"activities": len(held), "attendance": sum(fact.amount for fact in held)}


def _help(standing: Iterable[Fact]) -> Mapping[str, int]:
    visits = [fact for fact in standing if fact.what is What.VISIT]
    return {
        "services": sum(fact.amount for fact in visits),
        "visits": len(visits),
        "people": len({fact.who for fact in visits if fact.who}),
    }


def _doors(standing: Iterable[Fact]) -> Mapping[str, int]:
    doors = [fact for fact in standing if fact.what is What.DOOR]
    return {
        "doors": len(doors),
        "households": len({fact.who for fact in doors}),
        "households_met": len({fact.who for fact in doors if fact.detail}),
    }


def _signatures(standing: Iterable[Fact]) -> Mapping[str, int]:
    signed = {f.who for f in standing if f.what is What.SIGNATURE and f.detail == "activated"}
    agreed = _last(standing, What.CONSENT)
    return {
        "signatures_activated": len(signed),
        "consents": sum(fact.detail not in LEFT for fact in agreed),
    }


def _teams(standing: Iterable[Fact]) -> Mapping[str, int]:
    teams = [fact for fact in _last(standing, What.TEAM) if fact.detail not in LEFT]
    kinds = Counter(fact.detail for fact in teams)
    tech = {fact.who: fact.team for fact in teams if fact.detail == TeamKind.COMMUNITY_TECH_TEAM}
    at_work = [fact for fact in standing if fact.what in (What.DOOR, What.VISIT)]
    return {
        **{figure: kinds[kind] for kind, figure in TEAM_FIGURES.items()},
        "active_teams": len({fact.team for fact in at_work}),
        "community_tech_members": sum(f.what is What.MEMBER and f.team in tech for f in standing),
        "neighbourhoods_with_team": len({place for place in tech.values() if place}),
    }


def _points(standing: Iterable[Fact]) -> Mapping[str, int]:
    points = [fact for fact in _last(standing, What.POINT) if fact.detail not in LEFT]
    return {
        "service_points": len(points),
        "main_points": sum(fact.detail == "main" for fact in points),
    }


def _last(standing: Iterable[Fact], what: What) -> list[Fact]:
    """The newest fact about each."""
    about = defaultdict[str, list[Fact]](list)
    for fact in standing:
        if fact.what is what:
            about[fact.who].append(fact)
    return [max(facts, key=lambda fact: fact.at) for facts in about.values()]
