"""All reports: those that the modules of this folder declare, one each."""

from collections.abc import Mapping

from services.reporting.definitions.declared import declared
from services.reporting.definitions.report import Report

REPORTS: Mapping[str, Report] = {report.name: report for report in declared(__name__, Report)}
