"""Problems of notify's own."""

from services.platform.problems import ProblemKind

NO_RECEIPTS = ProblemKind(
    "no_receipts",
    404,
    "Nhà cung cấp đang dùng không gửi báo cáo phát tin.",
    "The provider in use sends no receipts.",
)
