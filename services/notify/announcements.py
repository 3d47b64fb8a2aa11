"""What notify tells the others: one event for each state they count."""

from collections.abc import Mapping

from services.events import notifications
from services.events.envelope import Event
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
    NotificationUnconfirmed,
)
from services.notify.notification import Change, Notification
from services.notify.states import State
from services.notify.text.templates import template_name
from services.platform.ids import derived_event_id

SOURCE = "/notify"
_MOST_EVENTS = 100

AnnouncedClass = type[
    NotificationSent
    | NotificationDelivered
    | NotificationFailed
    | NotificationSuppressed
    | NotificationUnconfirmed
]
_CLASSES: Mapping[State, AnnouncedClass] = {
    State.ACCEPTED: NotificationSent,
    State.DELIVERED: NotificationDelivered,
    State.FAILED: NotificationFailed,
    State.UNDELIVERED: NotificationFailed,
    State.SUPPRESSED: NotificationSuppressed,
    State.UNKNOWN: NotificationUnconfirmed,
    State.UNCONFIRMED: NotificationUnconfirmed,
}


def announcements(before: Notification, after: Notification) -> list[Event]:
    """One event for each announced step between the two."""
    return [
        _event(after, change, number, event_class)
        for number, change in enumerate(after.history)
        if number >= len(before.history) and (event_class := _CLASSES.get(change.state))
    ]


def _event(
    notification: Notification, change: Change, number: int, event_class: AnnouncedClass
) -> Event:
    told = notification.told
    return event_class(
        id=derived_event_id(notification.id, str(number)),
        source=SOURCE,
        subject=notification.id,
        time=change.at,
        recordedtime=change.at,
        ward=told.ward,
        causationid=told.event_id,
        data=_data(notification, change),
    )


def _data(notification: Notification, change: Change) -> notifications.Notification:
    last = notification.attempts[-1] if notification.attempts else None
    visits = sorted(notification.visits, key=lambda visit: visit.at)[-_MOST_EVENTS:]
    return notifications.Notification(
        citizen_id=notification.recipient_id,
        purpose=notification.purpose,
        reason_id=notification.reason_id,
        events=tuple(visit.event_id for visit in visits),
        reason=change.reason,
        template=last.template if last else template_name(notification.told.kind, accents=False),
        provider=last.provider if last else None,
        segments=last.segments if last else 0,
        cost_vnd=last.cost_vnd if last else 0,
    )
