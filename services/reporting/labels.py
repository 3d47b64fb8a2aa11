"""What a figure's labels are called, in both languages, and which codes there are."""

from collections.abc import Mapping

from services.events.codes import (
    AgeBand,
    Before,
    CertificateAuthority,
    Channel,
    Code,
    ConsentMethod,
    Device,
    DisputeKind,
    DisputeOutcome,
    Group,
    MemberKind,
    Outcome,
    Purpose,
    RefusedResult,
    Service,
    ServicePointKind,
    TeamKind,
    VisitOutcome,
)


class SignatureState(Code):
    """Where a signature stands."""

    REGISTERED = "registered", "Đã đăng ký", "Registered"
    ISSUED = "issued", "Đã cấp", "Issued"
    ACTIVATED = "activated", "Đã kích hoạt", "Activated"
    SUSPENDED = "suspended", "Tạm dừng", "Suspended"
    REVOKED = "revoked", "Đã thu hồi", "Revoked"


class Holder(Code):
    """Who holds a valid signature."""

    ADULT = "adult", "Từ đủ 18 tuổi", "Aged 18 and over"
    MINOR = "minor", "Dưới 18 tuổi", "Under 18"


class Price(Code):
    """What a signature cost its holder."""

    FREE = "free", "Miễn phí", "Free"
    PAID = "paid", "Có phí", "Paid"


class SmsStatus(Code):
    """How far an SMS came."""

    SUPPRESSED = "suppressed", "Không gửi", "Not sent"
    SENT = "sent", "Đã gửi", "Sent"
    UNCONFIRMED = "unconfirmed", "Chưa xác nhận", "Unconfirmed"
    FAILED = "failed", "Không tới", "Failed"
    DELIVERED = "delivered", "Đã tới máy", "Delivered"


class SmsAnswer(Code):
    """What a citizen answered."""

    CONFIRMED = "confirmed", "Xác nhận có hỗ trợ", "Confirmed"
    NOT_HELPED = DisputeKind.NOT_HELPED.value, DisputeKind.NOT_HELPED.vi, DisputeKind.NOT_HELPED.en
    WRONG_NUMBER = (
        DisputeKind.WRONG_NUMBER.value,
        DisputeKind.WRONG_NUMBER.vi,
        DisputeKind.WRONG_NUMBER.en,
    )
    STILL_USING = "still_using", "Vẫn đang dùng", "Still using"
    STOPPED_USING = "stopped_using", "Không còn dùng", "No longer using"
    FEEDBACK = "feedback", "Ý kiến khác", "Something else"
    OPTED_OUT = "opted_out", "Từ chối nhận tin", "Opted out"
    OPTED_IN = "opted_in", "Nhận tin trở lại", "Opted in again"


class Rank(Code):
    """Whether a service point is a main one."""

    MAIN = "main", "Điểm chính", "Main point"
    OTHER = "other", "Điểm khác", "Other point"


class Work(Code):
    """What a team recorded."""

    VISITS = "visits", "Lượt hỗ trợ", "Visits of service"
    DOORS = "doors", "Lượt gõ cửa", "Doors"


CATALOGUE: Mapping[str, type[Code]] = {
    "service": Service,
    "outcome": Outcome,
    "before": Before,
    "group": Group,
    "age_band": AgeBand,
    "channel": Channel,
    "device": Device,
    "door": VisitOutcome,
    "ca": CertificateAuthority,
    "state": SignatureState,
    "age": Holder,
    "price": Price,
    "kind": TeamKind,
    "member_kind": MemberKind,
    "point_kind": ServicePointKind,
    "rank": Rank,
    "purpose": Purpose,
    "method": ConsentMethod,
    "status": SmsStatus,
    "answer": SmsAnswer,
    "dispute": DisputeKind,
    "found": DisputeOutcome,
    "result": RefusedResult,
    "what": Work,
}
"""Labels with a closed list of codes; all others hold ids or words of their own."""

UNKNOWN = ("Không rõ", "Not said")


def known(label: str, code: str) -> bool:
    """Whether a code can stand under a label; an empty one says that nothing was said."""
    codes = CATALOGUE.get(label)
    return codes is None or not code or code in list(codes)


def name_of(label: str, code: str) -> tuple[str, str]:
    """What a code is called: in Vietnamese, in English."""
    codes = CATALOGUE.get(label)
    if not code:
        return UNKNOWN
    if codes is None or code not in list(codes):
        return code, code
    found = codes(code)
    return found.vi, found.en
