"""The city in one row: what was done, by whom, and how far the SMS came."""

from services.reporting.definitions.labels import WARD
from services.reporting.definitions.report import Report
from services.reporting.reports import numbers as n

REPORT = Report(
    "overview",
    "Tổng quan thành phố",
    "The city at a glance",
    "Flows of the period; teams, points, signatures and consents as they stand at its end.",
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
        n.ACTIVITIES_HELD,
        n.ATTENDANCE_AT_ACTIVITIES,
        n.BOOTH_VISITED,
        n.CONSENTS_TO_SMS,
        *n.SMS,
        n.EVENTS_ACCEPTED,
        *n.EVENTS_REFUSED,
    ),
    by=(WARD,),
    one_row=True,
)
