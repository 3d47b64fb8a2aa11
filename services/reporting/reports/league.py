"""The table of the 168 wards."""

from services.reporting.definitions.labels import WARD
from services.reporting.definitions.report import Report
from services.reporting.reports import numbers as n

REPORT = Report(
    "league",
    "Bảng các phường, xã, đặc khu",
    "Table of the wards",
    "One ward beside the others; a ward without figures has zeros.",
    (
        n.SERVICES,
        n.VISITS_OF_SERVICE,
        n.PEOPLE_HELPED,
        n.DOORS_KNOCKED,
        n.HOUSEHOLDS_MET,
        n.REACH,
        n.SIGNATURES_ACTIVATED,
        n.TECH_TEAMS,
        n.ACTIVE_TEAMS,
        n.TEAM_COVERAGE,
        n.POINTS,
        n.SMS_DELIVERED,
    ),
    by=(WARD,),
)
