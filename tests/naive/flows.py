"""What one event counts by itself, where it happened: the meaning, spelled out again."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from tests.naive.lives import Codes, kind

Amounts = Iterable[tuple[Codes, int]]


def _each(*codes: Codes) -> Amounts:
    return [(one, 1) for one in codes]


def _assisted(event: Any) -> Any:
    return event.data if kind(event) == "citizen.assisted" else None


def _visited(event: Any) -> Any:
    return event.data if kind(event) == "household.visited" else None


def _given(of: Callable[[Any, Any], Iterable[Codes]]) -> Callable[[Any], Amounts]:
    """For each line of a visit of service."""

    def counted(event: Any) -> Amounts:
        data = _assisted(event)
        lines = data.services if data else ()
        return [(codes, 1) for line in lines for codes in of(data, line)]

    return counted


def _visit(of: Callable[[Any], Iterable[Codes]]) -> Callable[[Any], Amounts]:
    return lambda event: [(codes, 1) for codes in of(data)] if (data := _assisted(event)) else []


def _doors(event: Any) -> Amounts:
    data = _visited(event)
    return _each((data.neighbourhood_id or "", data.outcome)) if data else []


def _phones(event: Any) -> Amounts:
    data = _visited(event)
    if not data:
        return []
    return [(("2g",), data.phones_2g or 0), (("converted",), data.converted or 0)]


def _work(event: Any) -> Amounts:
    what = {"citizen.assisted": "visits", "household.visited": "doors"}.get(kind(event))
    return _each((event.data.team_id, what)) if what else []


def _accepted(event: Any) -> Amounts:
    about_events = kind(event) in ("event.voided", "event.refused")
    if about_events or not event.source.startswith("/device/"):
        return []
    return _each((event.source.removeprefix("/device/"), event.type))


def _refused(event: Any) -> Amounts:
    if kind(event) != "event.refused" or not event.data.poster.startswith("/device/"):
        return []
    return _each((event.data.poster.removeprefix("/device/"), event.data.result))


def _refusals(event: Any) -> Amounts:
    refused = kind(event) == "event.refused"
    return _each((event.data.result, event.data.code)) if refused else []


def _stopped(event: Any) -> Amounts:
    entity, _, status = kind(event).partition(".")
    stopped = entity == "notification" and status in ("suppressed", "failed", "unconfirmed")
    return _each((status, event.data.reason or "")) if stopped else []


def _in_doubt(event: Any) -> Amounts:
    if not kind(event).startswith(("citizen.assisted", "household.visited", "signature.")):
        return []
    off = abs(event.time - event.devicetime) if event.devicetime else timedelta()
    reasons = {
        "nobody_known": kind(event) == "citizen.assisted" and event.data.citizen_id is None,
        "clock_wrong": off.total_seconds() > 600,
        "admitted": event.admittedby is not None,
    }
    return _each(*((why, event.data.team_id or "") for why, holds in reasons.items() if holds))


def _sent(name: str) -> Callable[[Any], Amounts]:
    def counted(event: Any) -> Amounts:
        sent = kind(event) == "notification.sent"
        return [((event.data.purpose,), getattr(event.data, name))] if sent else []

    return counted


def _held(of: Callable[[Any], Amounts]) -> Callable[[Any], Amounts]:
    return lambda event: of(event.data) if kind(event) == "activity.held" else []


def _launched(event: Any) -> Amounts:
    at_an_activity = kind(event) == "team.formed" and event.data.activity_id
    return _each((event.data.kind,)) if at_an_activity else []


FLOWS: dict[str, Callable[[Any], Amounts]] = {
    "services_given": _given(lambda _, line: [(line.service, line.outcome)]),
    "services_before": _given(lambda _, line: [(line.service, line.before)]),
    "services_to_group": _given(lambda d, line: [(line.service, g) for g in set(d.groups)]),
    "services_at": _given(lambda d, line: [(d.neighbourhood_id or "", line.service)]),
    "visits": _visit(lambda d: [(d.channel, d.device)]),
    "visits_by_age": _visit(lambda d: [(d.age_band or "",)]),
    "visits_to_group": _visit(lambda d: [(group,) for group in set(d.groups)]),
    "visits_with_service": _visit(lambda d: [(s,) for s in {g.service for g in d.services}]),
    "visits_at": _visit(lambda d: [(d.neighbourhood_id or "", d.channel)]),
    "doors": _doors,
    "phones": _phones,
    "team_work": _work,
    "accepted": _accepted,
    "refused": _refused,
    "refusals": _refusals,
    "records_in_doubt": _in_doubt,
    "notifications_stopped": _stopped,
    "activities": _held(lambda d: [((d.kind,), 1)]),
    "activities_to_programme": _held(lambda d: [((d.kind, p), 1) for p in d.programmes or [""]]),
    "attendance": _held(lambda d: [((d.kind,), d.people or 0)]),
    "attendance_to_programme": _held(
        lambda d: [((d.kind, p), d.people or 0) for p in d.programmes or [""]]
    ),
    "attendance_of_group": _held(lambda d: [((d.kind, a.group), a.people) for a in d.attendance]),
    "attendance_of_group_to_programme": _held(
        lambda d: [((p, a.group), a.people) for a in d.attendance for p in d.programmes or [""]]
    ),
    "booth_visits": _held(lambda d: [((d.kind,), d.booth_visits or 0)]),
    "contest_entries": _held(lambda d: [((d.kind,), d.entries or 0)]),
    "contest_winners": _held(lambda d: [((d.kind,), d.winners or 0)]),
    "reached": _held(lambda d: [((d.kind, r.channel), r.people) for r in d.reach]),
    "teams_launched": _launched,
    "sms_segments": _sent("segments"),
    "sms_cost_vnd": _sent("cost_vnd"),
}


def _helped(event: Any) -> str | None:
    data = _assisted(event)
    return data.citizen_id if data else None


def _knocked_on(event: Any) -> str | None:
    data = _visited(event)
    return data.household_id if data else None


MEMBERS: dict[str, Callable[[Any], str | None]] = {"people": _helped, "households": _knocked_on}
"""Who is counted once."""
