"""What looks told again beside what its ward told earlier that day: spelled out once more."""

from collections.abc import Callable, Iterable
from typing import Any

from tests.naive.lives import kind


def _of_a_door(event: Any) -> Any:
    return event.data.household_id if kind(event) == "household.visited" else None


def _of_somebody(event: Any) -> Any:
    if kind(event) != "citizen.assisted":
        return None
    return event.data.citizen_id or event.data.household_id


def _of_a_step(event: Any) -> Any:
    return (event.subject, event.type) if kind(event).startswith("signature.") else None


def doubt_of(about: Callable[[Any], Any], told: Iterable[Any], event: Any) -> str | None:
    """Why an event is in doubt, of what was told before it in its ward on its day."""
    before = [e for e in told if about(event) and about(e) == about(event) and _meet(e, event)]
    ours = [e for e in before if e.source == event.source or _one_team(e, event)]
    if ours:
        apart = (event.time - ours[-1].time).total_seconds()
        changed = getattr(ours[-1].data, "outcome", "") != getattr(event.data, "outcome", "")
        return "recorded_twice" if apart <= (60 if changed else 900) else None
    named = [e for e in before if e.data.team_id and event.data.team_id]
    return "two_teams" if named else None


def _one_team(one: Any, other: Any) -> bool:
    return bool(one.data.team_id) and one.data.team_id == other.data.team_id


def _meet(one: Any, other: Any) -> bool:
    """Help is told again where it was help with one thing."""
    if kind(one) != "citizen.assisted":
        return True
    return any(a.service == b.service for a in one.data.services for b in other.data.services)


BESIDE: dict[str, Callable[[Any], Any]] = {
    "doors_in_doubt": _of_a_door,
    "help_in_doubt": _of_somebody,
    "signatures_in_doubt": _of_a_step,
}
"""What has to be the same."""
