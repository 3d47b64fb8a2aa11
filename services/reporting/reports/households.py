"""Doors knocked on, households reached and the devices found there."""

from services.reporting.measures.households import HOUSEHOLD_DEVICES, PHONES
from services.reporting.report import Number, Ratio, Report, Row, Share, Value
from services.reporting.reports import numbers as n

MET_SHARE = Ratio(
    "met_share",
    "Tỷ lệ gặp",
    "Share met",
    n.MET,
    n.DOORS_KNOCKED,
    "Lượt gõ cửa trong cùng kỳ",
    "Doors knocked on in the same period",
)
ASKED = Number(
    "asked_for_devices", "Hộ đã hỏi về thiết bị", "Households asked", (HOUSEHOLD_DEVICES,)
)
WITH_DEVICE = Number(
    "with_smart_device",
    "Hộ có thiết bị thông minh",
    "Households with a smart device",
    (HOUSEHOLD_DEVICES,),
    only={"smart_devices": "some"},
)
DEVICE_SHARE = Ratio(
    "device_share",
    "Tỷ lệ hộ có thiết bị thông minh",
    "Share with a smart device",
    WITH_DEVICE,
    ASKED,
    "Hộ đã hỏi về thiết bị",
    "Households that were asked",
    source="CS-08",
)
PHONES_2G = Number(
    "phones_2g", "Máy 2G gặp", "2G phones found", (PHONES,), only={"phone": "2g"}, source="CS-07"
)
CONVERTED = Number(
    "converted",
    "Máy đã chuyển 4G/5G",
    "Phones converted",
    (PHONES,),
    only={"phone": "converted"},
    source="CS-07",
)


class HouseholdsRow(Row):
    """A ward, a neighbourhood or a period."""

    doors: Value
    met: Value
    absent: Value
    declined: Value
    revisit: Value
    met_share: Share
    households: Value
    households_met: Value
    reach: Share
    device_share: Share
    phones_2g: Value
    converted: Value


REPORT = Report(
    "households",
    "Hộ dân",
    "Households",
    HouseholdsRow,
    (
        n.DOORS_KNOCKED,
        n.MET,
        n.ABSENT,
        n.DECLINED,
        n.REVISIT,
        MET_SHARE,
        n.HOUSEHOLDS_VISITED,
        n.HOUSEHOLDS_MET,
        n.REACH,
        DEVICE_SHARE,
        PHONES_2G,
        CONVERTED,
    ),
    by=("ward", "neighbourhood"),
    default_by=("ward",),
)
