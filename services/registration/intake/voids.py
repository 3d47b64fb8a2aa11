"""Taking an event back: what can be, and who may. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.citizens import CitizenErased
from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
    NotificationUnconfirmed,
)
from services.events.registry import REGISTRY, type_name
from services.platform.problems import ProblemKind
from services.registration.subjects.problems import Refusal

OWN_WINDOW = timedelta(hours=24)
STAFF = "/user/"
"""Only staff post under this source, and scope has held them to their own wards."""

VOID_OF_VOID = ProblemKind(
    "void_of_void",
    422,
    "Không thể hủy một lệnh hủy. Hãy ghi lại sự kiện đúng.",
    "A void cannot be voided. Record the right event again.",
)
VOID_OF_ERASURE = ProblemKind(
    "void_of_erasure",
    422,
    "Hồ sơ đã xóa theo yêu cầu thì không khôi phục được. Lần gặp sau sẽ là hồ sơ mới.",
    "A record that was erased on request cannot come back. The next visit begins a new one.",
)
VOID_OF_NOTIFICATION = ProblemKind(
    "void_of_notification",
    422,
    "Không thể hủy chuyện một tin nhắn đã đi đến đâu. Hãy hủy sự kiện mà tin nhắn nói đến.",
    "What became of an SMS cannot be voided. Void the event that it told of.",
)
VOID_OF_ANSWER = ProblemKind(
    "void_of_answer",
    422,
    "Lời người dân trả lời thì chỉ họ đổi được, bằng tin nhắn mới (TC: từ chối, DK: nhận lại).",
    "What a citizen answered only the citizen changes, by another SMS (TC: stop, DK: start).",
)
VOID_TOO_LATE = ProblemKind(
    "void_too_late",
    403,
    "Đã quá 24 giờ. Chỉ phường của sự kiện mới hủy được; hãy báo phường.",
    "More than 24 hours have passed. Only the event's ward may void it; tell the ward.",
)
VOID_NOT_YOURS = ProblemKind(
    "void_not_yours",
    403,
    "Sự kiện này do nơi khác ghi. Chỉ nơi ghi hoặc phường mới hủy được.",
    "Somebody else recorded this event. Only they or the ward may void it.",
)
VOID_WRONG_TYPE = ProblemKind(
    "void_wrong_type",
    422,
    "`target_type` không phải loại của sự kiện cần hủy.",
    "`target_type` is not the type of the event to be voided.",
)

NEVER_VOIDED: Mapping[type[Event], ProblemKind] = MappingProxyType(
    {
        EventVoided: VOID_OF_VOID,
        CitizenErased: VOID_OF_ERASURE,
        **dict.fromkeys(
            (
                NotificationSent,
                NotificationDelivered,
                NotificationFailed,
                NotificationSuppressed,
                NotificationUnconfirmed,
            ),
            VOID_OF_NOTIFICATION,
        ),
        **dict.fromkeys(
            (
                AssistanceConfirmed,
                AssistanceDisputed,
                AssistanceFollowedUp,
                CitizenOptedOut,
                CitizenOptedIn,
                FeedbackReceived,
            ),
            VOID_OF_ANSWER,
        ),
    }
)
"""Types whose void is refused, and why; what the void of any other undoes is told in
`undoing`."""


def must_be_voidable(target_type: str, pointer: str) -> None:
    """Raises: Refusal for a type of which no event is ever taken back."""
    target = REGISTRY.class_of(target_type)
    if target and target in NEVER_VOIDED:
        raise Refusal(NEVER_VOIDED[target], pointer)


def aimed(void: EventVoided, target: Event) -> EventVoided:
    """The void as it is recorded: about its target's subject, in its target's ward.

    Whoever recorded the target may void it for 24 hours, its ward at any time.
    Raises: Refusal.
    """
    must_be_voidable(target.type, "/data/event_id")
    if REGISTRY.current(void.data.target_type) != type_name(type(target)):
        raise Refusal(VOID_WRONG_TYPE, "/data/target_type")
    if not (void.source.startswith(STAFF) and void.ward == target.ward):
        _check_own(void, target)
    return void.model_copy(update={"subject": target.subject, "ward": target.ward})


def _check_own(void: EventVoided, target: Event) -> None:
    if void.source != target.source:
        raise Refusal(VOID_NOT_YOURS, "/data/event_id")
    recorded, voided = target.recordedtime, void.recordedtime
    if recorded and voided and voided - recorded > OWN_WINDOW:
        raise Refusal(VOID_TOO_LATE, "/data/event_id")
