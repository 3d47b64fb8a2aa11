"""One ward, day by day or neighbourhood by neighbourhood."""

from services.reporting.report import Report, Row, Share, Value
from services.reporting.reports import numbers as n


class WardRow(Row):
    """A day (or longer period), or a neighbourhood."""

    services: Value
    visits: Value
    people: Value
    doors: Value
    met: Value
    absent: Value
    declined: Value
    revisit: Value
    households: Value
    reach: Share
    active_teams: Value
    community_tech_teams: Value


REPORT = Report(
    "ward",
    "Một phường, xã, đặc khu",
    "One ward",
    WardRow,
    (
        n.SERVICES,
        n.VISITS_OF_SERVICE,
        n.PEOPLE_HELPED,
        n.DOORS_KNOCKED,
        n.MET,
        n.ABSENT,
        n.DECLINED,
        n.REVISIT,
        n.HOUSEHOLDS_VISITED,
        n.REACH,
        n.ACTIVE_TEAMS,
        n.TECH_TEAMS,
    ),
    by=("neighbourhood",),
    default_by=("neighbourhood",),
    one_ward=True,
)
