"""An activity is planned as often as need be, and held once."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date, datetime

from pydantic import Field

from services.events.activities import (
    ACTIVITIES,
    Activity,
    ActivityHeld,
    ActivityKind,
    ActivityScheduled,
)
from services.events.codes import Programme
from services.events.envelope import Event
from services.events.neighbourhoods import NEIGHBOURHOODS
from services.events.organisations import ORGANISATIONS
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import STAFF
from services.registration.subjects.belonging import Local, must_run_forward
from services.registration.subjects.owners import its_own_ward
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import NEVER, Accepts, Decided, Reference

HELD_ALREADY = ProblemKind(
    "activity_held_already",
    409,
    "Hoạt động này đã được ghi là đã tổ chức. Muốn sửa thì sửa sự kiện đó (`replaces`); tổ chức lần"
    " nữa là một hoạt động khác, có mã khác.",
    "This activity is recorded as held. To correct it, correct that event (`replaces`); held once"
    " more, it is another activity with an id of its own.",
)
NAMED_TWICE = ProblemKind(
    "named_twice",
    422,
    "Cùng một mục được nêu hai lần. Hãy cộng lại và ghi một lần.",
    "One thing is named twice. Add both up and name it once.",
)
MORE_THAN_ALL = ProblemKind(
    "more_than_all",
    422,
    "Một phần nhiều hơn tất cả. Hãy kiểm tra các số.",
    "A part is more than all. Check the numbers.",
)


class ActivityState(Local):
    """An activity as last told."""

    kind: ActivityKind
    theme: str
    programmes: tuple[Programme, ...] = ()
    occasion: str | None = None
    edition: str | None = None
    venue: str | None = None
    neighbourhood_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    held_on: date | None = Field(
        None, description="The day on which it was held; empty while it is only planned"
    )


def may_schedule(activity: ActivityState | None, event: ActivityScheduled) -> None:
    """New, or planned otherwise while it has not been held."""
    _must_make_sense(event.data)
    if activity is not None and activity.held_on is not None:
        raise Refusal(HELD_ALREADY, "/subject")


def may_hold(activity: ActivityState | None, event: ActivityHeld) -> None:
    """Once, planned before or not; no part is more than all."""
    told = event.data
    _must_make_sense(told)
    _must_be_unique([part.group for part in told.attendance], "/data/attendance")
    _must_be_unique([part.channel for part in told.reach], "/data/reach")
    for n, part in enumerate(told.attendance):
        _must_not_exceed(part.people, told.people, f"/data/attendance/{n}/people")
    _must_not_exceed(told.winners, told.entries, "/data/winners")
    if activity is not None and activity.held_on is not None:
        raise Refusal(HELD_ALREADY, "/subject")


def _must_make_sense(told: Activity) -> None:
    _must_be_unique(told.programmes, "/data/programmes")
    _must_be_unique([(o.organisation_id, o.role) for o in told.organisers], "/data/organisers")
    _must_be_unique([(g.organisation_id, g.role) for g in told.guests], "/data/guests")
    must_run_forward(told.starts_at, told.ends_at, "/data/ends_at")


def _must_be_unique(things: Sequence[Hashable], pointer: str) -> None:
    for n, thing in enumerate(things):
        if thing in things[:n]:
            raise Refusal(NAMED_TWICE, f"{pointer}/{n}")


def _must_not_exceed(part: int | None, whole: int | None, pointer: str) -> None:
    if part is not None and whole is not None and part > whole:
        raise Refusal(MORE_THAN_ALL, pointer)


def behind_it(event: ActivityScheduled | ActivityHeld) -> Iterator[Reference]:
    """A neighbourhood and organisers that have not ended; a guest's organisation may have."""
    told = event.data
    if neighbourhood := told.neighbourhood_id:
        yield Reference((NEIGHBOURHOODS,), neighbourhood, "/data/neighbourhood_id", event.day)
    for n, organiser in enumerate(told.organisers):
        pointer = f"/data/organisers/{n}/organisation_id"
        yield Reference((ORGANISATIONS,), organiser.organisation_id, pointer, event.day)
    for n, guest in enumerate(told.guests):
        yield Reference(
            (ORGANISATIONS,), guest.organisation_id, f"/data/guests/{n}/organisation_id"
        )


def evolve(activity: ActivityState | None, event: Event) -> ActivityState | None:
    """What an event makes of an activity."""
    match event:
        case ActivityScheduled():
            return _as_told(activity, event, None)
        case ActivityHeld():
            return _as_told(activity, event, event.day)
        case _:
            return activity


def _as_told(
    activity: ActivityState | None, event: ActivityScheduled | ActivityHeld, held_on: date | None
) -> ActivityState:
    first = (activity.ward, activity.since) if activity else (event.ward, event.day)
    told = {name: value for name, value in event.data if name in ActivityState.model_fields}
    return ActivityState(ward=first[0], since=first[1], held_on=held_on, **told)


ACTIVITY = Decided[ActivityState](
    kind=ACTIVITIES,
    state=ActivityState,
    evolve=evolve,
    belongs=its_own_ward,
    ends_on=NEVER,
    accepts={
        ActivityScheduled: Accepts(by=STAFF, check=may_schedule, refers=behind_it),
        ActivityHeld: Accepts(by=STAFF, check=may_hold, refers=behind_it),
    },
)
