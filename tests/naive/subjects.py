"""Which events tell of which subject, spelled out once more."""

from collections.abc import Callable
from typing import Any, NamedTuple

from services.events.envelope import Event


class Life(NamedTuple):
    """Whose events are judged together; None: the event is no part of it."""

    subject: Callable[[Event], str | None]
    of_persons: bool = False


def _named(*types: str) -> Callable[[Event], str | None]:
    """The envelope's subject, of these types."""
    return lambda event: event.subject if event.type.split(".v")[0] in types else None


def _citizen(event: Event) -> str | None:
    data: Any = event.data
    if event.type.split(".")[0] in ("signature", "consent") or event.type in (
        "citizen.erased.v1",
        "citizen.merged.v1",
    ):
        citizen: str = data.citizen_id
        return citizen
    return None


def _household(event: Event) -> str | None:
    data: Any = event.data
    counted = event.type == "household.visited.v1" and data.smart_devices is not None
    return data.household_id if counted else None


def _sms(event: Event) -> str | None:
    data: Any = event.data
    if event.type.startswith("notification."):
        return event.subject
    answers = (
        "assistance.confirmed.v1",
        "assistance.disputed.v1",
        "assistance.followed_up.v1",
        "feedback.received.v1",
        "citizen.opted_out.v1",
        "citizen.opted_in.v1",
    )
    return data.notification_id or event.id if event.type in answers else None


def _disputed(event: Event) -> str | None:
    data: Any = event.data
    told = event.type in ("assistance.disputed.v1", "dispute.resolved.v1")
    return data.event_id if told else None


_TEAM = Life(
    _named(
        "team.formed",
        "team.disbanded",
        "team.deployed",
        "team.member_joined",
        "team.member_left",
    )
)
_NEIGHBOURHOOD = Life(_named("neighbourhood.registered", "neighbourhood.dissolved"))
_POINT = Life(_named("service_point.opened", "service_point.closed"))
_SIGNATURE = Life(
    _named(
        "signature.registered",
        "signature.issued",
        "signature.activated",
        "signature.suspended",
        "signature.revoked",
    )
)
_CITIZEN = Life(_citizen, of_persons=True)
_SMS = Life(_sms)

LIVES = {
    "teams": _TEAM,
    "team_members": _TEAM,
    "teams_deployed": _TEAM,
    "neighbourhoods": _NEIGHBOURHOOD,
    "known_households": _NEIGHBOURHOOD,
    "known_adults": _NEIGHBOURHOOD,
    "service_points": _POINT,
    "signatures": _SIGNATURE,
    "signatures_issued": _SIGNATURE,
    "signature_holders": _CITIZEN,
    "consents": _CITIZEN,
    "household_devices": Life(_household),
    "notifications": _SMS,
    "sms_answers": _SMS,
    "sms_answered": _SMS,
    "disputes": Life(_disputed),
}
STOCKS = {
    "teams",
    "team_members",
    "teams_deployed",
    "neighbourhoods",
    "known_households",
    "known_adults",
    "service_points",
    "signatures",
    "signature_holders",
    "consents",
    "household_devices",
}
