"""The table of the 168 wards."""

from services.reporting.report import Report, Row, Share, Value
from services.reporting.reports import numbers as n


class LeagueRow(Row):
    """One ward beside the others; a ward without figures has zeros."""

    services: Value
    visits: Value
    people: Value
    doors: Value
    households_met: Value
    reach: Share
    signatures_activated: Value
    community_tech_teams: Value
    active_teams: Value
    team_coverage: Share
    service_points: Value
    sms_delivered: Value


REPORT = Report(
    "league",
    "Bảng các phường, xã, đặc khu",
    "Table of the wards",
    LeagueRow,
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
    by=("ward",),
    default_by=("ward",),
)
