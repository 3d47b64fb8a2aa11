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
from services.notify.notification.notification import Change, Notification
from services.notify.notification.occasions import NOBODY
from services.notify.notification.states import State
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


def announcements(before: Notification | None, after: Notification) -> list[Event]:
    """One event for each announced step between the two; none for what no citizen stands behind."""
    if after.recipient_id == NOBODY:
        return []
    known = len(before.history) if before else 0
    return [
        _event(after, change, number, event_class)
        for number, change in enumerate(after.history)
        if number >= known and (event_class := _CLASSES.get(change.state))
    ]


def _event(
    notification: Notification, change: Change, number: int, event_class: AnnouncedClass
) -> Event:
    told = notification.main_occasion
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


def event_ids_of(notification: Notification) -> tuple[str, ...]:
    """The newest of them, where they are very many."""
    if len(notification.occasions) == 1:
        return (notification.occasions[0].event_id,)
    occasions = sorted(notification.occasions, key=lambda occasion: occasion.at)[-_MOST_EVENTS:]
    return tuple(occasion.event_id for occasion in occasions)


def _data(notification: Notification, change: Change) -> notifications.Notification:
    last = notification.last
    return notifications.Notification(
        citizen_id=notification.recipient_id,
        purpose=notification.about.purpose,
        reason_id=notification.reason_id,
        events=event_ids_of(notification),
        reason=change.reason,
        template=last.template if last else str(notification.about),
        channel=last.channel if last else "sms",
        provider=last.provider if last else None,
        segments=last.segments if last else 0,
        cost_vnd=last.cost_vnd if last else 0,
    )
