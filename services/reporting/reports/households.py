"""Doors knocked on, households reached and the devices found there."""

from services.reporting.definitions.labels import NEIGHBOURHOOD, WARD
from services.reporting.definitions.number import Number, Ratio, under
from services.reporting.definitions.report import Report
from services.reporting.measures.households import (
    HOUSEHOLD_DEVICES,
    PHONE_KIND,
    PHONES,
    SMART_DEVICES,
    PhoneKind,
    SmartDevices,
)
from services.reporting.reports import numbers as n

ASKED = Number(
    "asked_for_devices", "Hộ đã hỏi về thiết bị", "Households asked", (HOUSEHOLD_DEVICES,)
)
MET_SHARE = Ratio(
    "met_share",
    "Tỷ lệ gặp",
    "Share met",
    n.MET,
    n.DOORS_KNOCKED,
    "Lượt gõ cửa trong cùng kỳ",
    "Doors knocked on in the same period",
)
DEVICE_SHARE = Ratio(
    "device_share",
    "Tỷ lệ hộ có thiết bị thông minh",
    "Share with a smart device",
    under(
        HOUSEHOLD_DEVICES,
        SMART_DEVICES,
        SmartDevices.SOME,
        name="with_smart_device",
        vi="Hộ {}",
        en="Household that {}",
    ),
    ASKED,
    "Hộ đã hỏi về thiết bị",
    "Households that were asked",
    source="CS-08",
)
PHONES_2G = under(PHONES, PHONE_KIND, PhoneKind.PHONE_2G, name="phones_{}", source="CS-07")
CONVERTED = under(PHONES, PHONE_KIND, PhoneKind.CONVERTED, source="CS-07")

REPORT = Report(
    "households",
    "Hộ dân",
    "Households",
    "A ward, a neighbourhood or a period.",
    (
        n.DOORS_KNOCKED,
        *n.DOORS_BY_OUTCOME,
        MET_SHARE,
        n.HOUSEHOLDS_VISITED,
        n.HOUSEHOLDS_MET,
        n.REACH,
        DEVICE_SHARE,
        PHONES_2G,
        CONVERTED,
    ),
    by=(WARD, NEIGHBOURHOOD),
)
