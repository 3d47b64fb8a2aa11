"""What the report API answers with."""

from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from services.events.envelope import CITY_TIME
from services.platform.http.app import Sentence
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Fact
from services.reporting.definitions.report import Row
from services.reporting.definitions.wards import WardRef, WardsMode
from services.reporting.projecting.completeness import Completeness

R = TypeVar("R", bound=Row)


class Days(BaseModel):
    """First and last day, both included."""

    first: date
    last: date


class Coded(BaseModel):
    """A code under a label, with its name."""

    label: str
    code: str
    name: Sentence

    @staticmethod
    def of(label: Label, code: str) -> "Coded":
        """Called as the label calls it."""
        vi, en = label.name_of(code)
        return Coded(label=label, code=code, name=Sentence(vi=vi, en=en))


class Group(BaseModel):
    """What a row is about; what the report is not grouped by is null."""

    ward: WardRef | None = None
    period: Days | None = None
    codes: list[Coded] = []


class Opens(BaseModel):
    """How a number opens: this, appended to `facts`, leads to what it counted."""

    in_rows: str | None = Field(None, description="To a row's `facts`; null: rows do not say it")
    in_total: str | None = Field(None, description="To the total's `facts`")


class Part(BaseModel):
    """A part of a ratio."""

    name: Sentence
    opens: Opens | None = Field(None, description="Null where the number is laid down")


class FigureInfo(BaseModel):
    """What a figure is called, how it is made, and how it opens."""

    figure: str
    name: Sentence
    kind: Literal["flow", "stock", "people", "share"]
    source: str = Field("", description="The indicator's code in the city's list")
    opens: Opens | None = Field(None, description="Null for a share: its parts open")
    numerator: Part | None = None
    denominator: Part | None = None
    basis: Sentence | None = Field(
        None, description="Whence a denominator comes, or by what a number was judged"
    )
    per: int | None = None


class AnswerRow(BaseModel, Generic[R]):
    """One row."""

    group: Group
    figures: R
    facts: str = Field(description="With a figure's `opens`: what was counted, page by page")


class Answer(Completeness, Generic[R]):
    """A report; `total` is counted by itself, so that nobody is counted twice in it."""

    report: str
    name: Sentence
    period: Days
    by: list[str]
    filters: dict[str, str]
    ward: WardRef | None = Field(
        description="The one unit that is counted: under `wards=today` the one that the unit asked"
        " for became; null: all, or several"
    )
    wards: WardsMode
    known_by: date | None
    demo: bool = Field(description="Số liệu minh họa: invented figures")
    figures: list[FigureInfo]
    rows: list[AnswerRow[R]]
    total: AnswerRow[R]


class ReportInfo(BaseModel):
    """A report in the list."""

    report: str
    name: Sentence
    by: list[str]
    address: str


class FactRef(BaseModel):
    """A record, without what it says of anybody."""

    id: str
    type: str
    time: datetime
    recorded: date
    source: str

    @staticmethod
    def of(fact: Fact) -> "FactRef":
        """Of one fact."""
        event = fact.event
        return FactRef(
            id=event.id,
            type=event.type,
            time=event.time.astimezone(CITY_TIME),
            recorded=fact.recorded,
            source=event.source,
        )


class CountedRow(BaseModel):
    """One thing that a number counted, with the records that say so."""

    ward: WardRef
    day: date
    labels: list[Coded]
    amount: int
    facts: list[FactRef] = Field(description="Those recorded where the reader may open records")
    elsewhere: int = Field(description="So many more were recorded in other wards")


class FactsPage(Completeness):
    """A page; the amounts of all pages add up to the number."""

    measure: str
    rows: list[CountedRow]
    next: str | None = Field(description="The address of the next page; null at the end")


class TallyTotal(BaseModel):
    """What a device sent, by result."""

    accepted: int
    rejected: int
    conflicting: int


class TallyDay(TallyTotal):
    """What happened on one day, whenever it was sent."""

    day: date


class Tally(Completeness):
    """A device's own count; the report `devices` says the same of it."""

    device: str
    days: list[TallyDay]
    total: TallyTotal
