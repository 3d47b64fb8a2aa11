"""From a report and a question to its answer: rows, names, sources and ways to the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from services.platform.http.app import Sentence
from services.reporting.asking.answers import Answer, AnswerRow, Days, FigureInfo, Opens, Part
from services.reporting.asking.drill_down import DrillDown, FromFacts
from services.reporting.asking.fact_readers import FactReader
from services.reporting.asking.grouping import Key
from services.reporting.asking.names import names
from services.reporting.asking.question import Question
from services.reporting.asking.rows import Rows
from services.reporting.asking.table import NumberReader, NumberTable, select
from services.reporting.definitions.number import Constant, Number, Ratio
from services.reporting.definitions.report import Report, Row, Share, Value, share
from services.reporting.definitions.wards import ward_ref
from services.reporting.projecting.completeness import Completeness
from services.reporting.stores.figures import CellReader


@dataclass(frozen=True)
class Sources:
    """What answers are made of."""

    cells: CellReader
    facts: FactReader
    drill_down: DrillDown
    demo: bool = False


async def answer(
    report: Report, question: Question, sources: Sources, complete: Completeness
) -> Answer[Any]:
    """The report; its total is no sum of its rows, for people and kinds of team do not add up."""
    known_names: dict[str, Mapping[str, str]] = {
        label: await names(label, question, sources.facts) for label in question.labels
    }
    from_facts = FromFacts(sources.drill_down)
    numbers = report.numbers()
    found, whole = await NumberReader(question, sources.cells, from_facts).with_total(numbers)
    rows, whole_rows = Rows(question, known_names), Rows(question.whole())
    return Answer[report.row](  # type: ignore[name-defined]
        report=report.name,
        name=Sentence(vi=report.vi, en=report.en),
        period=Days(first=question.days.first, last=question.days.last),
        by=list(question.by),
        filters=dict(question.filters),
        ward=ward_ref(question.ward) if question.ward else None,
        wards=question.mode,
        known_by=question.known_by,
        **complete.fields(),
        demo=sources.demo,
        figures=[info(figure, question) for figure in report.figures],
        rows=[_row(report, rows, key, found) for key in rows.keys(found.table)],
        total=_row(report, whole_rows, (), whole),
    )


def info(figure: Number | Ratio, question: Question) -> FigureInfo:
    """What a figure is called, how it is made, and how it opens."""
    name = Sentence(vi=figure.vi, en=figure.en)
    if isinstance(figure, Number):
        return FigureInfo(
            figure=figure.name,
            name=name,
            kind=_kind(figure),
            source=figure.source,
            opens=_opens(figure, question),
            basis=_basis(figure),
        )
    return FigureInfo(
        figure=figure.name,
        name=name,
        kind="share",
        source=figure.source,
        numerator=_part(figure.numerator, question),
        denominator=_part(figure.denominator, question),
        basis=_basis(figure),
        per=figure.per,
    )


def _basis(figure: Number | Ratio) -> Sentence | None:
    return Sentence(vi=figure.basis_vi, en=figure.basis_en) if figure.basis_vi else None


def _opens(number: Number, question: Question) -> Opens:
    return Opens(in_rows=_link(number, question), in_total=_link(number, question.whole()))


def _link(number: Number, question: Question) -> str | None:
    """The part of a link that names the measure, and what of it the number counts."""
    selected = select(number, question)
    if not selected:
        return None
    parts = [("measure", selected.selector.measure.name)]
    parts += [("label", f"{label}:{code}") for label, code in number.only.items()]
    if number.of is not None:
        parts.append(("of", str(number.of)))
    return f"&{urlencode(parts)}"


def _kind(number: Number) -> Literal["flow", "stock", "people"]:
    if number.measures[0].members:
        return "people"
    return "stock" if number.is_stock else "flow"


def _part(part: Number | Constant, question: Question) -> Part:
    name = Sentence(vi=part.vi, en=part.en)
    return Part(name=name, opens=_opens(part, question) if isinstance(part, Number) else None)


def _row(report: Report, rows: Rows, key: Key, found: NumberTable) -> AnswerRow[Any]:
    figures = {f.name: _value(f, key, found, rows.question) for f in report.figures}
    return AnswerRow[report.row](  # type: ignore[name-defined]
        group=rows.group(key), figures=_filled(report.row, figures), facts=rows.facts(key)
    )


def _filled(row: type[Row], figures: Mapping[str, Value | Share]) -> Row:
    return row.model_validate(figures)


def _value(
    figure: Number | Ratio, key: Key, found: NumberTable, question: Question
) -> Value | Share:
    if isinstance(figure, Number):
        return _count(figure, key, found)
    part = figure.denominator
    as_of: date | None
    if isinstance(part, Constant):
        holds = key == () and question.is_of_todays_city
        denominator, as_of = part.value if holds else None, part.as_of
    else:
        denominator = _count(part, key, found)
        as_of = found.as_of.get((key, part.name))
    return share(_count(figure.numerator, key, found), denominator, figure.per, as_of)


def _count(number: Number, key: Key, found: NumberTable) -> Value:
    if number.name in found.unsaid:
        return None
    return found.table.get(key, {}).get(number.name, 0)
