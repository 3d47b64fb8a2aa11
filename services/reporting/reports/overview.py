"""The city in one row: what was done, by whom, and how far the SMS came."""

from services.reporting.report import Report, Row, Share, Value
from services.reporting.reports import numbers as n


class OverviewRow(Row):
    """Flows of the period; teams, points, signatures and consents as they stand at its end."""

    services: Value
    visits: Value
    people: Value
    doors: Value
    households: Value
    households_met: Value
    reach: Share
    signatures_activated: Value
    community_tech_teams: Value
    dx_formations: Value
    literacy_teams: Value
    city_teams: Value
    active_teams: Value
    community_tech_members: Value
    neighbourhoods_with_team: Value
    team_coverage: Share
    active_wards: Value
    deployment: Share
    service_points: Value
    main_points: Value
    consents: Value
    sms_sent: Value
    sms_delivered: Value
    sms_failed: Value
    sms_suppressed: Value
    sms_unconfirmed: Value
    accepted: Value
    rejected: Value
    conflicting: Value


REPORT = Report(
    "overview",
    "Tổng quan thành phố",
    "The city at a glance",
    OverviewRow,
    (
        n.SERVICES,
        n.VISITS_OF_SERVICE,
        n.PEOPLE_HELPED,
        n.DOORS_KNOCKED,
        n.HOUSEHOLDS_VISITED,
        n.HOUSEHOLDS_MET,
        n.REACH,
        n.SIGNATURES_ACTIVATED,
        n.TECH_TEAMS,
        n.DX_FORMATIONS,
        n.LITERACY_TEAMS,
        n.CITY_TEAMS,
        n.ACTIVE_TEAMS,
        n.TECH_TEAM_MEMBERS,
        n.NEIGHBOURHOODS_WITH_TEAM,
        n.TEAM_COVERAGE,
        n.ACTIVE_WARDS,
        n.DEPLOYMENT,
        n.POINTS,
        n.MAIN_POINTS,
        n.CONSENTS_TO_SMS,
        *n.SMS,
        n.EVENTS_ACCEPTED,
        n.EVENTS_REJECTED,
        n.EVENTS_CONFLICTING,
    ),
    by=("ward",),
)
