"""Activities that were held, who came, and whom they reached; teams that were launched there."""

from collections.abc import Callable, Iterator

from services.events.activities import ActivityHeld, ActivityKind, ReachChannel
from services.events.codes import Programme
from services.events.teams import TeamFormed
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import GROUP
from services.reporting.definitions.measure import Codes, count, total
from services.reporting.measures.teams import TEAM_KIND

ACTIVITY_KIND = Label("activity_kind", ActivityKind)
PROGRAMME = Label("programme", Programme, adds_up=False)
"""An activity of two programmes counts in both."""
REACH_CHANNEL = Label("reach_channel", ReachChannel, adds_up=False)
"""One person may be reached by several."""


def _kinds(event: ActivityHeld) -> Iterator[Codes]:
    yield (event.data.kind,)


def _programmes(event: ActivityHeld) -> Iterator[Codes]:
    return ((event.data.kind, programme) for programme in event.data.programmes or ("",))


def _amount(field: str) -> Callable[[ActivityHeld], list[tuple[Codes, int]]]:
    return lambda event: [((event.data.kind,), getattr(event.data, field) or 0)]


def _people_to_programme(event: ActivityHeld) -> Iterator[tuple[Codes, int]]:
    people = event.data.people or 0
    return ((codes, people) for codes in _programmes(event))


def _groups(event: ActivityHeld) -> Iterator[tuple[Codes, int]]:
    return (((event.data.kind, part.group), part.people) for part in event.data.attendance)


def _groups_to_programme(event: ActivityHeld) -> Iterator[tuple[Codes, int]]:
    data = event.data
    for programme in data.programmes or ("",):
        yield from (((programme, part.group), part.people) for part in data.attendance)


def _reached(event: ActivityHeld) -> Iterator[tuple[Codes, int]]:
    return (((event.data.kind, part.channel), part.people) for part in event.data.reach)


def _launched(event: TeamFormed) -> Iterator[Codes]:
    if event.data.activity_id:
        yield (event.data.kind,)


ACTIVITIES = count("activities", (ACTIVITY_KIND,), ActivityHeld, _kinds)
ACTIVITIES_TO_PROGRAMME = count(
    "activities_to_programme", (ACTIVITY_KIND, PROGRAMME), ActivityHeld, _programmes
)
ATTENDANCE = total("attendance", (ACTIVITY_KIND,), ActivityHeld, _amount("people"))
ATTENDANCE_TO_PROGRAMME = total(
    "attendance_to_programme", (ACTIVITY_KIND, PROGRAMME), ActivityHeld, _people_to_programme
)
ATTENDANCE_OF_GROUP = total("attendance_of_group", (ACTIVITY_KIND, GROUP), ActivityHeld, _groups)
ATTENDANCE_OF_GROUP_TO_PROGRAMME = total(
    "attendance_of_group_to_programme", (PROGRAMME, GROUP), ActivityHeld, _groups_to_programme
)
BOOTH_VISITS = total("booth_visits", (ACTIVITY_KIND,), ActivityHeld, _amount("booth_visits"))
CONTEST_ENTRIES = total("contest_entries", (ACTIVITY_KIND,), ActivityHeld, _amount("entries"))
CONTEST_WINNERS = total("contest_winners", (ACTIVITY_KIND,), ActivityHeld, _amount("winners"))
REACHED = total("reached", (ACTIVITY_KIND, REACH_CHANNEL), ActivityHeld, _reached)
TEAMS_LAUNCHED = count("teams_launched", (TEAM_KIND,), TeamFormed, _launched)
