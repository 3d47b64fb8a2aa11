"""Distinct citizens by ward, period and group; visits and services beside them."""

from services.reporting.definitions.labels import AGE_BAND, GROUP, NEIGHBOURHOOD, SERVICE, WARD
from services.reporting.definitions.report import Report
from services.reporting.reports import numbers as n

REPORT = Report(
    "people",
    "Người được hỗ trợ",
    "People helped",
    "People (người) are counted once, visits (lượt) each time.",
    (n.PEOPLE_HELPED, n.VISITS_OF_SERVICE, n.SERVICES),
    by=(GROUP, AGE_BAND, SERVICE, NEIGHBOURHOOD, WARD),
)
