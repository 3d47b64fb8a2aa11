"""Why a campaign does not go on."""

from services.platform.problems import ProblemKind

WRONG_STAGE = ProblemKind(
    "campaign_stage",
    409,
    "Đợt gửi không ở bước cho phép việc này. Hãy tải lại để xem bước hiện tại.",
    "The campaign is not at a stage that allows this. Load it again to see where it is.",
)
SECOND_PERSON = ProblemKind(
    "second_person_needed",
    403,
    "Người soạn không được tự duyệt. Hãy nhờ một người khác ở trung tâm duyệt.",
    "Whoever made a campaign does not approve it. Ask somebody else at the centre.",
)
CAMPAIGN_OVER = ProblemKind(
    "campaign_over",
    422,
    "Hạn cuối của đợt gửi đã qua. Hãy soạn đợt mới với hạn sau thời điểm này.",
    "The campaign's last instant has passed. Make one that ends in the future.",
)
TEXT_TOO_LONG = ProblemKind(
    "text_too_long",
    422,
    "Nội dung dài quá số phân đoạn cho phép. Hãy xem trước rồi rút ngắn.",
    "The text has more segments than are allowed. Preview it, then shorten it.",
)
NOBODY_CARRIES = ProblemKind(
    "nobody_carries_adverts",
    409,
    "Không nhà cung cấp nào trong cấu hình gửi được tin quảng cáo: tin quảng cáo chỉ được gửi từ "
    "tên định danh. Hãy đặt tên định danh đã đăng ký làm người gửi của nhà cung cấp.",
    "No provider of this installation carries adverts, which may leave from a brand name alone. "
    "Set a registered brand name as a provider's sender.",
)
