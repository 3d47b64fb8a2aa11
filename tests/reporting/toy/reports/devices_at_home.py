"""Devices that teams met at home."""

from services.reporting.definitions.labels import WARD
from services.reporting.definitions.number import Number, each
from services.reporting.definitions.report import Report
from services.reporting.reports.numbers import DOORS_KNOCKED
from tests.reporting.toy.measures.devices_at_home import DEVICE_SORT, DEVICES_AT_HOME

REPORT = Report(
    "devices_at_home",
    "Thiết bị ở nhà",
    "Devices at home",
    "One sort of device, or one ward.",
    (
        DOORS_KNOCKED,
        Number("visits_with", "Lượt có thiết bị", "Visits with devices", (DEVICES_AT_HOME,)),
        *each(DEVICES_AT_HOME, DEVICE_SORT, name="with_{}"),
    ),
    by=(DEVICE_SORT, WARD),
)
