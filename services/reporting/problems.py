"""What can be wrong with a question to the reports."""

from services.platform.problems import PERIOD_REVERSED, UNKNOWN_WARD, ProblemKind

UNKNOWN_REPORT = ProblemKind(
    "unknown_report",
    404,
    "Không có báo cáo này. Danh sách ở /api/reporting/v1/reports.",
    "There is no such report. /api/reporting/v1/reports lists them all.",
)
UNKNOWN_MEASURE = ProblemKind(
    "unknown_measure",
    404,
    "Không có số đo này. Hãy mở từ liên kết của một con số trong báo cáo.",
    "There is no such measure. Follow the link of a number in a report.",
)
UNKNOWN_CODE = ProblemKind(
    "unknown_code",
    422,
    "Mã dịch vụ, nhóm hoặc nhãn không có trong danh mục.",
    "The catalogue has no such service, group or label.",
)
UNKNOWN_PARAMETER = ProblemKind(
    "unknown_parameter",
    422,
    "Tham số này không có ở đây, hoặc được viết hai lần.",
    "There is no such parameter here, or it is given twice.",
)
INVALID_DATE = ProblemKind(
    "invalid_date",
    422,
    "Ngày phải viết năm-tháng-ngày, ví dụ 2025-11-07.",
    "A day is written year-month-day, such as 2025-11-07.",
)
PERIOD_TOO_WIDE = ProblemKind(
    "period_too_wide",
    422,
    "Kỳ quá dài cho cách chia này. Hãy chọn kỳ ngắn hơn, chia theo tháng hoặc một phường.",
    "The period is too long to be cut like this. Take fewer days, months, or one ward.",
)
TOO_MANY_FACTS = ProblemKind(
    "too_many_facts",
    422,
    "Bộ lọc này phải đọc quá nhiều bản ghi. Hãy chọn kỳ ngắn hơn hoặc một phường.",
    "This filter would read too many records. Take fewer days or one ward.",
)
NOT_GROUPED_SO = ProblemKind(
    "not_grouped_so",
    422,
    "Báo cáo này không chia theo cách đó.",
    "This report cannot be grouped like that.",
)
WARD_NEEDED = ProblemKind(
    "ward_needed",
    422,
    "Báo cáo này cần tham số ward.",
    "This report needs the parameter ward.",
)
INVALID_CHOICE = ProblemKind(
    "invalid_choice",
    422,
    "Giá trị không nằm trong các lựa chọn của tham số.",
    "The value is not among those the parameter takes.",
)
INVALID_CURSOR = ProblemKind(
    "invalid_cursor",
    422,
    "Con trỏ trang không đúng. Hãy dùng đúng liên kết `next` đã nhận.",
    "The cursor is not right. Use the `next` link as it came.",
)
INVALID_DEVICE = ProblemKind(
    "invalid_device",
    422,
    "Mã thiết bị không đúng.",
    "This is not a device's id.",
)

__all__ = ["PERIOD_REVERSED", "UNKNOWN_WARD"]
