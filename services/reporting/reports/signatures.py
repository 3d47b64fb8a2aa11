"""Digital signatures by CA and state."""

from services.reporting.definitions.labels import WARD
from services.reporting.definitions.number import Number, Ratio
from services.reporting.definitions.report import Report
from services.reporting.measures.signatures import (
    CA,
    SIGNATURE_PRICE,
    SIGNATURES,
    SIGNATURES_ISSUED,
    Price,
)
from services.reporting.reports import numbers as n

ALL = Number("signatures", "Chữ ký số đã ghi nhận", "Signatures on record", (SIGNATURES,))
ISSUED_FREE = Number(
    "issued_free",
    "Cấp miễn phí trong kỳ",
    "Issued free in the period",
    (SIGNATURES_ISSUED,),
    only={SIGNATURE_PRICE: Price.FREE},
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

REPORT = Report(
    "signatures",
    "Chữ ký số",
    "Digital signatures",
    "One CA; states as at the end of the period.",
    (
        ALL,
        *n.SIGNATURES_BY_STATE,
        ACTIVATED_SHARE,
        ISSUED_FREE,
        n.ADULT_HOLDERS,
        ADULT_SHARE,
    ),
    by=(CA, WARD),
)
