"""Distinct citizens by ward, period and group; visits and services beside them."""

from services.reporting.report import Report, Row, Value
from services.reporting.reports import numbers as n


class PeopleRow(Row):
    """People (người) are counted once, visits (lượt) each time."""

    people: Value
    visits: Value
    services: Value


REPORT = Report(
    "people",
    "Người được hỗ trợ",
    "People helped",
    PeopleRow,
    (n.PEOPLE_HELPED, n.VISITS_OF_SERVICE, n.SERVICES),
    by=("group", "age_band", "service", "neighbourhood", "ward"),
    default_by=("group",),
)
