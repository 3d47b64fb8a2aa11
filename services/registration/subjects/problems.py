"""Why an event is refused, whatever its slice."""

from services.platform.problems import Problem, ProblemKind


class Refusal(Problem):
    """A rule of the domain that an event breaks; it is answered `rejected`."""


NOT_ALLOWED = ProblemKind(
    "not_allowed",
    403,
    "Vai trò này không được ghi loại sự kiện này.",
    "This role may not record this type of event.",
)
OUT_OF_SCOPE = ProblemKind(
    "out_of_scope",
    403,
    "Sự kiện nằm ngoài phường, tổ hoặc thời gian được giao. Hãy nhờ phường xem xét.",
    "The event lies outside the ward, team or time given to you. Ask the ward to admit it.",
)
NOT_YET_KNOWN = ProblemKind(
    "not_yet_known",
    409,
    "Đối tượng được nhắc đến chưa có trong hệ thống. Hãy gửi lại sau khi đã gửi đối tượng đó.",
    "It refers to something not recorded yet. Send it again once that has been sent.",
    retryable=True,
)

NOT_SENT_THERE_YET = ProblemKind(
    "not_sent_there_yet",
    409,
    "Chưa ghi nhận tổ được giao nơi này vào ngày này. Máy giữ lại và gửi lại sau; nếu hôm sau vẫn "
    "vậy, hãy nhờ phường ghi việc phân công.",
    "It is not recorded that the team was sent there on that day. Keep it and send it again; where "
    "that is so the next day, ask the ward to record where the team was sent.",
    retryable=True,
)
NOT_YET_THEN = ProblemKind(
    "not_yet_then",
    409,
    "Vào thời điểm này đối tượng chưa có. Hãy kiểm tra ngày giờ của sự kiện.",
    "At that time it did not exist yet. Check the date and time of the event.",
)
CANNOT_BE_EMPTIED = ProblemKind(
    "cannot_be_emptied",
    409,
    "Mục này đã được ghi trước đó, và ghi lại với giá trị trống thì không xóa được. Bỏ hẳn mục này "
    "để giữ nguyên; muốn xóa thì sửa sự kiện đã ghi nó (`replaces`).",
    "This was set before, and saying nothing of it does not empty it. Leave it out to keep it; to "
    "empty it, correct the event that set it (`replaces`).",
)
LATER_EVENTS_FORBID = ProblemKind(
    "later_events_forbid",
    409,
    "Những việc đã ghi cho thời điểm sau sẽ không còn đúng. Hãy hủy các việc đó trước.",
    "What was recorded for a later time would no longer hold. Take that back first.",
)
