"""What citizens tell or ask beyond a known answer; somebody is to reply by a day."""

from typing import Literal

from services.events.codes import FeedbackTopic
from services.events.declarations import BY_WARD, ITSELF
from services.events.envelope import CitizenId, Data, Day, Event, Id
from services.events.notifications import SmsChannel


class Feedback(Data):
    """Never the text: it is kept, encrypted, by whoever received it."""

    topic: FeedbackTopic
    channel: SmsChannel = "sms"
    due: Day
    """The last day to answer on."""
    notification_id: Id | None = None
    citizen_id: CitizenId | None = None


class FeedbackReceived(Event):
    """A citizen wrote. `subject` is the feedback's own id: that of this event."""

    about = ITSELF
    scope = BY_WARD
    posted = False
    type: Literal["feedback.received.v1"] = "feedback.received.v1"
    data: Feedback
