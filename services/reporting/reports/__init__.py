"""All reports, one module each."""

from collections.abc import Mapping

from services.reporting.report import Report
from services.reporting.reports import (
    devices,
    disputes,
    households,
    league,
    notifications,
    overview,
    people,
    refusals,
    services,
    signatures,
    sms_reasons,
    teams,
    ward,
)

REPORTS: Mapping[str, Report] = {
    report.name: report
    for report in (
        overview.REPORT,
        league.REPORT,
        ward.REPORT,
        services.REPORT,
        people.REPORT,
        households.REPORT,
        signatures.REPORT,
        teams.REPORT,
        notifications.REPORT,
        sms_reasons.REPORT,
        disputes.REPORT,
        refusals.REPORT,
        devices.REPORT,
    )
}
