"""What each subject comes to, told from its events in their order: spelled out once more."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from services.events.envelope import CITY_TIME, Event

Codes = tuple[str, ...]
Told = Sequence[Any]
"""Events of one subject, oldest first."""
Stands = Counter[Codes]

STATUSES = ("suppressed", "sent", "unconfirmed", "failed", "delivered")


class Life(NamedTuple):
    """Whose events are judged together; None: the event is no part of it."""

    subject: Callable[[Any], str | None]
    of_persons: bool = False


def day_of(event: Event) -> date:
    """The day in Ho Chi Minh City."""
    return event.time.astimezone(CITY_TIME).date()


def kind(event: Event) -> str:
    """Such as `team.formed`."""
    return event.type.rpartition(".")[0]


def _last(told: Told, *kinds: str) -> Any:
    found = [event for event in told if kind(event) in kinds]
    return found[-1] if found else None


def _step(event: Event) -> str:
    return kind(event).partition(".")[2]


def _team(told: Told) -> Any:
    last = _last(told, "team.formed", "team.disbanded")
    return last if last and kind(last) == "team.formed" else None


def teams(told: Told) -> Stands:
    """Formed and not disbanded."""
    team = _team(told)
    return Stands({(team.data.kind, team.data.neighbourhood_id or ""): 1} if team else {})


def team_members(told: Told) -> Stands:
    """Whose last coming or going was a coming, while the team stands."""
    team = _team(told)
    moves = [e for e in told if kind(e) in ("team.member_joined", "team.member_left")]
    last = {event.data.member_id: event for event in moves}
    here = [e for e in last.values() if kind(e) == "team.member_joined"] if team else []
    return Stands((team.data.kind, event.data.kind) for event in here)


def teams_deployed(told: Told) -> Stands:
    """Sent anywhere, while the team stands."""
    team = _team(told)
    return Stands({(team.data.kind,): 1} if team and _last(told, "team.deployed") else {})


def _neighbourhood(told: Told) -> Any:
    last = _last(told, "neighbourhood.registered", "neighbourhood.dissolved")
    return last if last and kind(last) == "neighbourhood.registered" else None


def neighbourhoods(told: Told) -> Stands:
    """Registered and not dissolved."""
    found = _neighbourhood(told)
    return Stands({(found.data.kind,): 1} if found else {})


def known_households(told: Told) -> Stands:
    """As told last, for a day."""
    return _known(told, "households")


def known_adults(told: Told) -> Stands:
    """The same of adults."""
    return _known(told, "adults")


def _known(told: Told, name: str) -> Stands:
    found = _neighbourhood(told)
    number = getattr(found.data, name) if found else None
    if not number:
        return Stands()
    return Stands({(found.subject, str(found.data.as_of or day_of(found))): number})


def service_points(told: Told) -> Stands:
    """Opened and not closed."""
    last = _last(told, "service_point.opened", "service_point.closed")
    if kind(last) == "service_point.closed":
        return Stands()
    return Stands({(last.data.kind, "main" if last.data.main else "other"): 1})


def _state(told: Told) -> str:
    """Asking or issuing takes nothing back that came further; issuing follows a revocation."""
    state = ""
    for step in map(_step, told):
        further = step in ("activated", "suspended", "revoked")
        begins = not state or (step == "issued" and state in ("registered", "revoked"))
        state = step if further or begins else state
    return state


def signatures(told: Told) -> Stands:
    """One state each."""
    return Stands({(told[-1].data.ca, _state(told)): 1})


def signature_holders(told: Told) -> Stands:
    """Who has any that is valid."""
    steps = [event for event in told if kind(event).startswith("signature.")]
    each = [[e for e in steps if e.subject == s] for s in {e.subject for e in steps}]
    if not any(_state(one) in ("issued", "activated") for one in each):
        return Stands()
    said = [event.data.adult for event in steps if event.data.adult is not None]
    return Stands({(("adult" if said[-1] else "minor") if said else "",): 1})


def consents(told: Told) -> Stands:
    """Each purpose by the way it was agreed to last."""
    agreed: dict[str, str] = {}
    for event in told:
        if kind(event) == "citizen.erased":
            agreed = {}
        for purpose in getattr(event.data, "purposes", ()):
            agreed.pop(purpose, None)
            if kind(event) == "consent.given":
                agreed[purpose] = event.data.method
    return Stands(dict.fromkeys(agreed.items(), 1))


def household_devices(told: Told) -> Stands:
    """As counted last."""
    return Stands({("some" if told[-1].data.smart_devices else "none",): 1})


def signatures_issued(told: Told) -> list[tuple[date, Codes]]:
    """Once each, at its first issue."""
    issues = [event for event in told if kind(event) == "signature.issued"]
    return [(day_of(e), (e.data.ca, "free" if e.data.free else "paid")) for e in issues[:1]]


def notifications(told: Told) -> list[tuple[date, Codes]]:
    """On the first day, under the furthest status."""
    steps = [event for event in told if kind(event).startswith("notification.")]
    if not steps:
        return []
    furthest = max(steps, key=lambda event: STATUSES.index(_step(event)))
    return [(day_of(steps[0]), (furthest.data.purpose, _step(furthest)))]


def _answers(told: Told) -> list[Any]:
    return [event for event in told if not kind(event).startswith("notification.")]


def _said(event: Any) -> str:
    match kind(event):
        case "assistance.disputed":
            return str(event.data.kind)
        case "assistance.followed_up":
            return "still_using" if event.data.still_using else "stopped_using"
        case "feedback.received":
            return "feedback"
        case _:
            return _step(event)


def sms_answers(told: Told) -> list[tuple[date, Codes]]:
    """Each on its day, under the purpose of the SMS."""
    sms = notifications(told)
    purpose = sms[0][1][0] if sms else ""
    return [(day_of(event), (purpose, _said(event))) for event in _answers(told)]


def sms_answered(told: Told) -> list[tuple[date, Codes]]:
    """Delivered ones with any answer, on the day of the SMS."""
    if not _answers(told):
        return []
    return [(at, (why,)) for at, (why, status) in notifications(told) if status == "delivered"]


def disputes(told: Told) -> list[tuple[date, Codes]]:
    """The first of an event, with what was found last."""
    resolved = _last(told, "dispute.resolved")
    found = resolved.data.outcome if resolved else ""
    said = [event for event in told if kind(event) == "assistance.disputed"]
    return [(day_of(event), (event.data.kind, found)) for event in said[:1]]


def _subject(*kinds: str) -> Callable[[Any], str | None]:
    return lambda event: event.subject if kind(event) in kinds else None


def _of_signature(event: Any) -> str | None:
    return event.subject if kind(event).startswith("signature.") else None


def _of_citizen(event: Any) -> str | None:
    about = kind(event).startswith(("signature.", "consent.")) or kind(event) in (
        "citizen.erased",
        "citizen.merged",
    )
    return event.data.citizen_id if about else None


def _of_household(event: Any) -> str | None:
    counted = kind(event) == "household.visited" and event.data.smart_devices is not None
    return event.data.household_id if counted else None


def _of_sms(event: Any) -> str | None:
    if kind(event).startswith("notification."):
        return str(event.subject)
    answers = ("assistance.", "feedback.received", "citizen.opted_")
    return event.data.notification_id or event.id if kind(event).startswith(answers) else None


def _of_dispute(event: Any) -> str | None:
    told = kind(event) in ("assistance.disputed", "dispute.resolved")
    return event.data.event_id if told else None


_TEAM = Life(
    _subject(
        "team.formed",
        "team.disbanded",
        "team.deployed",
        "team.member_joined",
        "team.member_left",
    )
)
_NEIGHBOURHOOD = Life(_subject("neighbourhood.registered", "neighbourhood.dissolved"))
_SIGNATURE, _CITIZEN, _SMS = Life(_of_signature), Life(_of_citizen, of_persons=True), Life(_of_sms)
STOCKS: dict[str, tuple[Life, Callable[[Told], Stands]]] = {
    "teams": (_TEAM, teams),
    "team_members": (_TEAM, team_members),
    "teams_deployed": (_TEAM, teams_deployed),
    "neighbourhoods": (_NEIGHBOURHOOD, neighbourhoods),
    "known_households": (_NEIGHBOURHOOD, known_households),
    "known_adults": (_NEIGHBOURHOOD, known_adults),
    "service_points": (
        Life(_subject("service_point.opened", "service_point.closed")),
        service_points,
    ),
    "signatures": (_SIGNATURE, signatures),
    "signature_holders": (_CITIZEN, signature_holders),
    "consents": (_CITIZEN, consents),
    "household_devices": (Life(_of_household), household_devices),
}
"""What stands on a day."""
COUNTED_ONCE: dict[str, tuple[Life, Callable[[Told], list[tuple[date, Codes]]]]] = {
    "signatures_issued": (_SIGNATURE, signatures_issued),
    "notifications": (_SMS, notifications),
    "sms_answers": (_SMS, sms_answers),
    "sms_answered": (_SMS, sms_answered),
    "disputes": (Life(_of_dispute), disputes),
}
"""What happened on a day, judged by all that is known of its subject."""
