"""Whether an event may be recorded, as far as no state is needed: pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.events.corrections import EventVoided
from services.events.envelope import CITY_TIME, Event
from services.platform.problems import Problem, ProblemKind
from services.registration.intake.clock_correction import corrected
from services.registration.intake.problems import MISSING_FIELD, WRONG_SOURCE
from services.registration.intake.replacing import must_be_of_use
from services.registration.subjects.actor import Actor
from services.registration.subjects.naming import subject_of
from services.registration.subjects.problems import (
    NOT_ALLOWED,
    NOT_SENT_THERE_YET,
    OUT_OF_SCOPE,
    Refusal,
)
from services.registration.subjects.subject import Observed, Subject, Subjects

ON_ITS_WAY = timedelta(days=3)
WardProblem = Callable[[str, date], ProblemKind | None]


@dataclass(frozen=True)
class Rules:
    """What every event is held against."""

    subjects: Subjects
    ward_problem: WardProblem
    earliest: datetime


def judge(event: Event, actor: Actor, rules: Rules, upload: timedelta, now: datetime) -> Event:
    """The event with its time corrected. Raises: Problem.

    The rules of observed types are asked here; those of decided ones need their history.
    """
    if not _speaks_for(actor, event):
        raise Problem(WRONG_SOURCE, "/source")
    time, device_time = corrected(event, upload, now, rules.earliest)
    if device_time:
        event = event.model_copy(update={"time": time, "devicetime": device_time})
    if kind := rules.ward_problem(event.ward, time.astimezone(CITY_TIME).date()):
        actor.covers(event)  # where its time is impossible, that is what is wrong
        raise Problem(kind, "/ward")
    _check_scope(event, actor, rules.subjects[type(event)])
    must_be_of_use(event)
    return event


def _speaks_for(actor: Actor, event: Event) -> bool:
    """A ward admits what its devices could not record; it voids in its own name alone, for a
    device may void what another ward's scope would have to allow."""
    if isinstance(event, EventVoided):
        return event.source == actor.source
    return actor.may_post_as(event.source)


def _is_recent(event: Event) -> bool:
    """What makes it right is recorded in these days; later the ward is asked to look at it."""
    return event.recordedtime is not None and event.recordedtime - event.time <= ON_ITS_WAY


def _check_scope(event: Event, actor: Actor, subject: Subject) -> None:
    if actor.role not in subject.accepts[type(event)].by:
        raise Refusal(NOT_ALLOWED, "/type")
    if not actor.covers(event):
        on_its_way = _is_recent(event) and actor.may_cover_later(event)
        raise Refusal(NOT_SENT_THERE_YET if on_its_way else OUT_OF_SCOPE, "/ward")
    if isinstance(subject, Observed):
        subject.accepts[type(event)].check(None, event)
    elif not subject_of(event, lambda first, _: first):
        raise Problem(MISSING_FIELD, "/subject")
