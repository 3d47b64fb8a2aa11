"""What a citizen answered to an SMS; never a number or a text."""

from typing import Annotated, Literal

from pydantic import FailFast, Field

from services.events.codes import DisputeKind
from services.events.declarations import BY_WARD, first_of
from services.events.envelope import CitizenId, Data, Event, EventId, Id, YesNo
from services.events.notifications import SmsChannel


class Answer(Data):
    """`notification_id` is the SMS that was answered, `event_id` the one event the answer is about.

    `events` are all that the SMS told of; `subject` is `event_id`.
    """

    citizen_id: CitizenId
    notification_id: Id
    event_id: EventId
    events: Annotated[tuple[EventId, ...], FailFast(), Field(max_length=100)] = ()
    channel: SmsChannel = "sms"


class AssistanceConfirmed(Event):
    """The citizen says that it happened."""

    about = first_of("event_id")
    scope = BY_WARD
    posted = False
    type: Literal["assistance.confirmed.v1"] = "assistance.confirmed.v1"
    data: Answer


class Dispute(Answer):
    """An answer that says no, and to what."""

    kind: DisputeKind


class AssistanceDisputed(Event):
    """The citizen says that nothing of the kind happened, or is not the one who was meant."""

    about = first_of("event_id")
    scope = BY_WARD
    posted = False
    type: Literal["assistance.disputed.v1"] = "assistance.disputed.v1"
    data: Dispute


class FollowUp(Answer):
    """What was said some time after the help."""

    still_using: YesNo


class AssistanceFollowedUp(Event):
    """The citizen says whether what was learnt is still in use."""

    about = first_of("event_id")
    scope = BY_WARD
    posted = False
    type: Literal["assistance.followed_up.v1"] = "assistance.followed_up.v1"
    data: FollowUp


class Opting(Data):
    """A citizen may write unasked: then there is no SMS and no event that this answers."""

    citizen_id: CitizenId
    notification_id: Id | None = None
    event_id: EventId | None = None
    events: Annotated[tuple[EventId, ...], FailFast(), Field(max_length=100)] = ()
    channel: SmsChannel = "sms"


class CitizenOptedOut(Event):
    """No more SMS, whatever the purpose. `subject` is the citizen."""

    about = first_of("citizen_id")
    scope = BY_WARD
    posted = False
    type: Literal["citizen.opted_out.v1"] = "citizen.opted_out.v1"
    data: Opting


class CitizenOptedIn(Event):
    """SMS again, after having opted out. `subject` is the citizen."""

    about = first_of("citizen_id")
    scope = BY_WARD
    posted = False
    type: Literal["citizen.opted_in.v1"] = "citizen.opted_in.v1"
    data: Opting
