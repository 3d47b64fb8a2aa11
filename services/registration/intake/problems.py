"""What can be wrong with a request or an event, as its poster reads it."""

from services.platform.problems import ProblemKind

NOT_JSON = ProblemKind(
    "not_json",
    400,
    "Nội dung không phải JSON hợp lệ (UTF-8). Hãy kiểm tra phần mềm gửi.",
    "The body is not valid JSON in UTF-8. Check the sending software.",
)
BROKEN_GZIP = ProblemKind(
    "broken_gzip",
    400,
    "Dữ liệu nén gzip bị hỏng. Hãy gửi lại.",
    "The gzip data is broken. Send it again.",
)
TOO_LARGE = ProblemKind(
    "too_large",
    413,
    "Lần gửi quá lớn: tối đa 500 sự kiện, 8 MB khi giải nén. Hãy chia nhỏ.",
    "Too large: at most 500 events and 8 MB when unpacked. Send it in parts.",
)
UNSUPPORTED_MEDIA_TYPE = ProblemKind(
    "unsupported_media_type",
    415,
    "Chỉ nhận application/cloudevents+json, application/cloudevents-batch+json, có thể nén gzip.",
    "Send application/cloudevents+json or application/cloudevents-batch+json, plain or gzip.",
)
INVALID_HEADER = ProblemKind(
    "invalid_header",
    400,
    "Tiêu đề của yêu cầu không đúng dạng.",
    "A request header has the wrong form.",
)
MALFORMED_EVENT = ProblemKind(
    "malformed_event",
    422,
    "Sự kiện không phải một đối tượng JSON hợp lệ.",
    "The event is not a valid JSON object.",
)
NOT_A_NUMBER = ProblemKind(
    "not_a_number",
    422,
    "Có số không hợp lệ (NaN, vô cùng hoặc quá lớn).",
    "A number is NaN, infinite or too large.",
)
INVALID_UTF8 = ProblemKind(
    "invalid_utf8",
    422,
    "Sự kiện có chữ không đúng mã UTF-8.",
    "The event holds text that is not UTF-8.",
)
TOO_DEEP = ProblemKind(
    "too_deep",
    422,
    "Sự kiện lồng quá nhiều lớp.",
    "The event is nested too deeply.",
)
EVENT_TOO_LARGE = ProblemKind(
    "event_too_large",
    422,
    "Một sự kiện tối đa 64 KB.",
    "One event has 64 KB at most.",
)
INVALID_ID = ProblemKind(
    "invalid_id",
    422,
    "Mã `id` phải là UUID phiên bản 7, do nơi ghi nhận tạo ra lúc sự việc xảy ra; phiên bản 8 dành"
    " riêng cho máy chủ.",
    "`id` must be a UUID version 7, made by whoever saw it when it happens; version 8 is the"
    " server's own.",
)
UNKNOWN_TYPE = ProblemKind(
    "unknown_type",
    422,
    "Loại sự kiện không có. Nếu ứng dụng mới hơn máy chủ thì máy sẽ tự gửi lại; nếu không, hãy cập "
    "nhật ứng dụng hoặc xem danh mục loại sự kiện.",
    "There is no such event type. Where the app is newer than the server, it is sent again by "
    "itself; else update the app or see the list of types.",
    retryable=True,
)
MISSING_FIELD = ProblemKind(
    "missing_field", 422, "Thiếu một mục bắt buộc.", "A required field is missing."
)
UNKNOWN_FIELD = ProblemKind(
    "unknown_field",
    422,
    "Có mục không được phép; có thể chứa dữ liệu cá nhân nên không được lưu.",
    "A field is not part of this type; it might hold personal data, so it is not stored.",
)
INVALID_VALUE = ProblemKind("invalid_value", 422, "Giá trị không đúng.", "A value is not right.")
TOO_MANY_REFUSALS = ProblemKind(
    "too_many_refusals",
    429,
    "Hôm nay đã giữ quá nhiều sự kiện bị từ chối từ nguồn này. Hãy báo cán bộ phường; gửi lại ngày"
    " mai.",
    "Too many refused events of this source were kept today. Tell the ward; send it tomorrow.",
    retryable=True,
)
TOO_MANY_FAULTS = ProblemKind(
    "too_many_faults",
    422,
    "Lần gửi có quá nhiều lỗi nên sự kiện này chưa được xem. Hãy sửa các lỗi đã báo rồi gửi lại.",
    "The upload has so many faults that this event was not looked at. Mend those, send it again.",
    retryable=True,
)
TIME_AHEAD = ProblemKind(
    "time_ahead",
    422,
    "Thời điểm ở tương lai quá 10 phút. Hãy chỉnh giờ điện thoại rồi gửi lại.",
    "The time lies more than 10 minutes ahead. Correct the phone's clock and send again.",
    retryable=True,
)
TIME_TOO_OLD = ProblemKind(
    "time_too_old",
    422,
    "Thời điểm sớm hơn mốc được nhận. Hãy kiểm tra ngày giờ.",
    "The time lies before what is taken in. Check the date.",
)
CLOCK_OFFSET_REVERSED = ProblemKind(
    "clock_offset_reversed",
    422,
    "`clockoffset` ngược dấu với `Device-Time`. Đó là giờ máy chủ trừ giờ máy, tính bằng giây: máy "
    "chậm thì dương, máy nhanh thì âm.",
    "`clockoffset` has the opposite sign of what `Device-Time` says. It is the server's time less "
    "the phone's, in seconds: positive for a clock that is behind, negative for one ahead.",
)
BEFORE_ENROLMENT = ProblemKind(
    "before_enrolment",
    422,
    "Thời điểm này trước khi máy được kết nối, nên đồng hồ của máy khi đó đã sai. Hãy chỉnh giờ "
    "máy; việc này thì phường ghi lại với giờ đúng.",
    "This time lies before the device was enrolled, so its clock was wrong. Set its clock, and "
    "have the ward record this anew with the right time.",
)
BEFORE_TEAM = ProblemKind(
    "before_team",
    422,
    "Thời điểm này trước khi tổ được thành lập. Hãy kiểm tra đồng hồ của máy; việc này thì phường "
    "ghi lại với giờ đúng.",
    "This time lies before the team was formed. Check the phone's clock, and have the ward record "
    "this anew with the right time.",
)
IMPOSSIBLE_TIMES = frozenset({BEFORE_ENROLMENT, BEFORE_TEAM})
"""Nobody can vouch for these as they were told: the device's own clock was wrong."""
WRONG_SOURCE = ProblemKind(
    "wrong_source",
    403,
    "`source` không phải của thiết bị hoặc tài khoản đang gửi.",
    "`source` is not that of the device or account that sends.",
)
ID_CONFLICT = ProblemKind(
    "id_conflict",
    409,
    "Mã này đã dùng cho một sự kiện có nội dung khác. Bản đầu vẫn giữ nguyên.",
    "This id belongs to an event with other content. The first one stands.",
)
