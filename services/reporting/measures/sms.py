"""The SMS as what has a life: how far it came, and what was answered to it."""

from typing import TypeAlias, cast

from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
    NotificationUnconfirmed,
)
from services.reporting.measure import Fact, Life

FORWARD: tuple[type[Event], ...] = (
    NotificationSuppressed,
    NotificationSent,
    NotificationUnconfirmed,
    NotificationFailed,
    NotificationDelivered,
)
"""A status only moves forward, in whatever order receipts come in."""
Answer: TypeAlias = (
    AssistanceConfirmed
    | AssistanceDisputed
    | AssistanceFollowedUp
    | FeedbackReceived
    | CitizenOptedOut
    | CitizenOptedIn
)
ANSWERS: tuple[type[Event], ...] = (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    FeedbackReceived,
    CitizenOptedOut,
    CitizenOptedIn,
)


def _of_sms(fact: Fact) -> tuple[str, ...]:
    """An SMS with its answers; what answers none stands by itself."""
    if isinstance(fact.event, FORWARD):
        return (fact.event.subject,)
    return (cast(Answer, fact.event).data.notification_id or fact.id,)


SMS = Life("sms", (*FORWARD, *ANSWERS), _of_sms)
