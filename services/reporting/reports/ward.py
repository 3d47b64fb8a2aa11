"""One ward, day by day or neighbourhood by neighbourhood."""

from services.reporting.definitions.labels import NEIGHBOURHOOD
from services.reporting.definitions.report import Report
from services.reporting.reports import numbers as n

REPORT = Report(
    "ward",
    "Một phường, xã, đặc khu",
    "One ward",
    "A day (or longer period), or a neighbourhood.",
    (
        n.SERVICES,
        n.VISITS_OF_SERVICE,
        n.PEOPLE_HELPED,
        n.DOORS_KNOCKED,
        *n.DOORS_BY_OUTCOME,
        n.HOUSEHOLDS_VISITED,
        n.REACH,
        n.ACTIVE_TEAMS,
        n.TECH_TEAMS,
    ),
    by=(NEIGHBOURHOOD,),
    one_ward=True,
)
