"""Taking an event back: who may. Pure."""

from datetime import timedelta

from services.events.citizens import CitizenErased
from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.registry import type_name
from services.platform.problems import ProblemKind
from services.registration.intake.subject import Refusal

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

NEVER_VOIDED = {type_name(EventVoided): VOID_OF_VOID, type_name(CitizenErased): VOID_OF_ERASURE}


def must_be_voidable(target_type: str, pointer: str) -> None:
    """Raises: Refusal for a type of which no event is ever taken back."""
    if kind := NEVER_VOIDED.get(target_type):
        raise Refusal(kind, pointer)


def aimed(void: EventVoided, target: Event) -> EventVoided:
    """The void as it is recorded: about its target's subject, in its target's ward.

    Whoever recorded the target may void it for 24 hours, its ward at any time.
    Raises: Refusal.
    """
    must_be_voidable(target.type, "/data/event_id")
    if void.data.target_type != type_name(type(target)):
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
