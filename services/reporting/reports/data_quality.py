"""How far what was observed can be relied on: records in doubt, of those that count."""

from typing import NamedTuple

from services.reporting.definitions.labels import TEAM, WARD
from services.reporting.definitions.measure import Measure
from services.reporting.definitions.number import Number, Ratio
from services.reporting.definitions.report import Report
from services.reporting.measures.doubts import (
    CLOCK_WRONG_BY,
    DOORS_IN_DOUBT,
    DOUBT,
    HELP_IN_DOUBT,
    ONE_VISIT,
    RECORDS_IN_DOUBT,
    SIGNATURES_IN_DOUBT,
    Doubt,
)
from services.reporting.reports import numbers as n

_MINUTES, _CLOCK_MINUTES = (int(span.total_seconds() // 60) for span in (ONE_VISIT, CLOCK_WRONG_BY))


class _Recorded(NamedTuple):
    """What may be told again, and when two records tell of the same."""

    name: str
    vi: str
    en: str
    measure: Measure
    same_vi: str
    same_en: str


RECORDED = (
    _Recorded("doors", "Lượt gõ cửa", "Doors", DOORS_IN_DOUBT, "Cùng một hộ", "The same household"),
    _Recorded(
        "help",
        "Lượt hỗ trợ",
        "Visits of service",
        HELP_IN_DOUBT,
        "Cùng một người (chưa rõ người thì cùng một hộ) và cùng một dịch vụ",
        "The same citizen (or household, where nobody was identified) and the same service",
    ),
    _Recorded(
        "signatures",
        "Chữ ký số",
        "Signatures",
        SIGNATURES_IN_DOUBT,
        "Cùng một bước của một chữ ký số",
        "The same step of one signature",
    ),
)


def _recorded_twice(of: _Recorded) -> Number:
    return Number(
        f"{of.name}_recorded_twice",
        f"{of.vi} nghi ghi hai lần",
        f"{of.en} perhaps recorded twice",
        (of.measure,),
        only={DOUBT: Doubt.RECORDED_TWICE},
        basis_vi=f"{of.same_vi}, cùng tổ hoặc cùng máy ghi lại trong {_MINUTES} phút",
        basis_en=f"{of.same_en}, by the same team or phone again within {_MINUTES} minutes",
    )


def _two_teams(of: _Recorded) -> Number:
    return Number(
        f"{of.name}_of_two_teams",
        f"{of.vi} do hai tổ ghi",
        f"{of.en} of two teams",
        (of.measure,),
        only={DOUBT: Doubt.TWO_TEAMS},
        basis_vi=f"{of.same_vi}, tổ khác đã ghi trong cùng ngày",
        basis_en=f"{of.same_en}, told by another team on the same day",
    )


def _record(name: str, vi: str, en: str, doubt: Doubt, basis: tuple[str, str]) -> Number:
    return Number(
        name, vi, en, (RECORDS_IN_DOUBT,), {DOUBT: doubt}, basis_vi=basis[0], basis_en=basis[1]
    )


NOBODY_KNOWN = _record(
    "nobody_known",
    "Lượt hỗ trợ không rõ người",
    "Visits of service to nobody identified",
    Doubt.NOBODY_KNOWN,
    ("Tính là lượt, không tính là người", "They count as visits, never as people"),
)


REPORT = Report(
    "data_quality",
    "Chất lượng dữ liệu",
    "Data quality",
    "All of these count in the other reports until one of the records is voided.",
    (
        *map(_recorded_twice, RECORDED),
        *map(_two_teams, RECORDED),
        NOBODY_KNOWN,
        Ratio(
            "nobody_known_share",
            "Tỷ lệ lượt không rõ người",
            "Share of visits to nobody identified",
            NOBODY_KNOWN,
            n.TEAM_VISITS,
            "Trên tổng số lượt hỗ trợ",
            "Of all visits of service",
        ),
        _record(
            "clock_wrong",
            "Bản ghi của máy sai giờ",
            "Records by a wrong clock",
            Doubt.CLOCK_WRONG,
            (
                f"Đồng hồ máy lệch hơn {_CLOCK_MINUTES} phút, hệ thống đã chỉnh giờ",
                f"The phone's clock was over {_CLOCK_MINUTES} minutes off; the server moved it",
            ),
        ),
        _record(
            "admitted",
            "Bản ghi phường ghi nhận thay",
            "Records admitted by the ward",
            Doubt.ADMITTED,
            (
                "Máy gửi bị từ chối, phường xem và ghi nhận",
                "Refused to the device that sent them; the ward looked and recorded them",
            ),
        ),
    ),
    by=(WARD, TEAM),
)
