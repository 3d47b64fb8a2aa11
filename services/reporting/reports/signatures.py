"""Digital signatures by CA and state."""

from services.reporting.measures.signatures import SIGNATURES, SIGNATURES_ISSUED
from services.reporting.report import Number, Ratio, Report, Row, Share, Value
from services.reporting.reports import numbers as n


def _in_state(state: str, vi: str, en: str) -> Number:
    return Number(f"signatures_{state}", vi, en, (SIGNATURES,), only={"state": state})


ALL = Number("signatures", "Chữ ký số đã ghi nhận", "Signatures on record", (SIGNATURES,))
REGISTERED = _in_state("registered", "Đã đăng ký", "Registered")
ISSUED = _in_state("issued", "Đã cấp, chưa kích hoạt", "Issued, not activated")
SUSPENDED = _in_state("suspended", "Tạm dừng", "Suspended")
REVOKED = _in_state("revoked", "Đã thu hồi", "Revoked")
ISSUED_FREE = Number(
    "issued_free",
    "Cấp miễn phí trong kỳ",
    "Issued free in the period",
    (SIGNATURES_ISSUED,),
    only={"price": "free"},
    source="CS-16",
)
ACTIVATED_SHARE = Ratio(
    "activated_share",
    "Tỷ lệ đã kích hoạt",
    "Share activated",
    n.SIGNATURES_ACTIVATED,
    ALL,
    "Chữ ký số đã ghi nhận đến cuối kỳ",
    "Signatures on record at the end of the period",
)
ADULT_SHARE = Ratio(
    "adult_share",
    "Tỷ lệ người từ đủ 18 tuổi có chữ ký số",
    "Share of adults with a signature",
    n.ADULT_HOLDERS,
    n.ALL_ADULTS,
    "Người từ đủ 18 tuổi do phường, xã kê khai theo khu phố, ấp",
    "Adults that the wards put on record for their neighbourhoods",
    source="CS-15",
)


class SignaturesRow(Row):
    """One CA; states as at the end of the period."""

    signatures: Value
    signatures_registered: Value
    signatures_issued: Value
    signatures_activated: Value
    signatures_suspended: Value
    signatures_revoked: Value
    activated_share: Share
    issued_free: Value
    adult_holders: Value
    adult_share: Share


REPORT = Report(
    "signatures",
    "Chữ ký số",
    "Digital signatures",
    SignaturesRow,
    (
        ALL,
        REGISTERED,
        ISSUED,
        n.SIGNATURES_ACTIVATED,
        SUSPENDED,
        REVOKED,
        ACTIVATED_SHARE,
        ISSUED_FREE,
        n.ADULT_HOLDERS,
        ADULT_SHARE,
    ),
    by=("ca", "ward"),
    default_by=("ca",),
)
