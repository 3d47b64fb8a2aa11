"""Every figure of every report is compared with one that was counted by hand."""

import pytest

from services.reporting.definitions.report import Report
from services.reporting.reports import REPORTS
from tests.builders import CHO_LON
from tests.reporting.desk import Desk, Json
from tests.reporting.small_world import small_world
from tests.reporting.tables import TABLES, Column, columns, question


@pytest.mark.parametrize("table", TABLES)
async def test_a_report_says_what_was_counted_by_hand(desk: Desk, table: str) -> None:
    report, by = question(table)
    asked = {"by": ",".join(by)} | ({"ward": CHO_LON} if report.one_ward else {})
    await desk.tell(*small_world())

    answered = await desk.report(report.name, **(asked if any(asked.values()) else {}))

    said = {_name(row): _column(row) for row in [*answered["rows"], answered["total"]]}
    expected = columns(table)
    assert {row: said.pop(row) for row in expected} == expected
    assert not [row for row, figures in said.items() if any(map(_counts, figures.values()))]


@pytest.mark.parametrize("report", REPORTS.values(), ids=lambda report: report.name)
def test_no_figure_of_a_report_is_left_uncounted(report: Report) -> None:
    tables = [table for table in TABLES if question(table)[0] is report]
    counted = [figures for table in tables for figures in columns(table).values()]

    for figure in report.figures:
        assert any(_counts(figures[figure.name]) for figures in counted), figure.name


def _name(row: Json) -> str:
    """The codes or the ward of a row."""
    codes, ward = row["group"]["codes"], row["group"]["ward"]
    if codes:
        return "/".join(code["code"] for code in codes)
    return str(ward["code"]) if ward else "total"


def _column(row: Json) -> Column:
    return {name: _written(value) for name, value in row["figures"].items()}


def _written(value: Json | int | None) -> str:
    if isinstance(value, dict):
        return f"{_written(value['numerator'])}/{_written(value['denominator'])}"
    return "-" if value is None else str(value)


def _counts(written: str) -> bool:
    """Whether it says more than that there is nothing."""
    return written.partition("/")[0] not in ("-", "0")
