"""Problems of notify's own."""

from services.platform.problems import ProblemKind

MAY_HAVE_LEFT = ProblemKind(
    "may_have_left",
    409,
    "Tin này có thể đã được gửi đi; chỉ gửi lại tin chắc chắn chưa được nhận.",
    "This SMS may have left; only what surely was not accepted is sent again.",
)
NO_RECEIPTS = ProblemKind(
    "no_receipts",
    404,
    "Nhà cung cấp đang dùng không gửi báo cáo phát tin.",
    "The provider in use sends no receipts.",
)
