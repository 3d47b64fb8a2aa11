"""What the phones saw beside the report of SMS, line by line, and ward by ward."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from demo import parameters as p
from demo.comparison import Line, number
from demo.reader import Reader
from demo.record import What
from demo.server import REPORTING
from demo.sms import figures as counted
from demo.sms.journal import Journal
from demo.sms.ledger import UNFINISHED, Entry
from demo.tally import Tally
from services.events.envelope import CITY_TIME

SHOWN = 12
COLUMNS: Mapping[str, Sequence[str]] = {
    "Tin\nSMS": counted.REACHED_NETWORK,
    "Tới\ncame": ("sms_delivered",),
    "Đoạn\nparts": ("segments",),
    "Đồng\nVND": ("cost_vnd",),
    "Đúng\nyes": ("confirmed",),
    "Sai\nno": ("disputed_not_helped", "disputed_wrong_number"),
    "TC\nstop": ("opted_out",),
    "Còn dùng\nin use": ("still_using",),
    "Khác\nother": ("stopped_using", "feedback"),
}
"""Of the table by ward: its figures, or the sum of them."""
Names = Mapping[str, tuple[str, str]]
Places = Mapping[str, Counter[str]]


class Reported(NamedTuple):
    """The report as it was read."""

    total: Mapping[str, int]
    wards: Mapping[str, Counter[str]]
    """By name of the ward."""
    names: Names
    """Of the figures, in both languages."""

    @property
    def places(self) -> Places:
        """By what an SMS calls the ward: two may look alike there."""
        found = defaultdict[str, Counter[str]](Counter)
        for name, figures in self.wards.items():
            found[counted.place_name(name)] += figures
        return found


async def read(reporting: Reader, until: date) -> Reported:
    """`GET /reports/notifications`, by ward, from the beginning."""
    path = f"{REPORTING}/reports/notifications"
    return reported(await reporting.get(path, to=until.isoformat()))


def reported(answer: Mapping[str, Any]) -> Reported:
    """A ward and the one before it that had its name are one: the phones know no more."""
    wards = defaultdict[str, Counter[str]](Counter)
    for row in answer["rows"]:
        wards[str(row["group"]["ward"]["name"])] += _figures(row)
    names = {info["figure"]: (info["name"]["vi"], info["name"]["en"]) for info in answer["figures"]}
    return Reported(_figures(answer["total"]), wards, names)


def lines(journal: Journal, report: Reported, entries: Sequence[Entry], tally: Tally) -> list[Line]:
    """Phones on the left, the system on the right."""
    places = counted.by_place(journal)
    phones = counted.total(places)
    told_none = report.total["sms_suppressed"]
    told = sum(report.total[name] for name in counted.REACHED_NETWORK)
    return [
        Line("Lượt có thể báo tin", "Reasons for an SMS", *_reasons(tally, entries)),
        Line("Tin tới nhà mạng", "SMS that the network took", len(journal.sms), told),
        *(Line(*report.names[f], phones[f], report.total[f]) for f in counted.FIGURES),
        Line("Phường, xã khớp", "Wards that agree", *_agreeing(places, report.places)),
        Line(*report.names["sms_suppressed"], _suppressed(entries), told_none),
        Line("Thông báo", "Notifications", len(entries), report.total["sms"]),
        Line("Chưa có kết quả", "Without an outcome", 0, _unfinished(entries)),
        Line("Tin sau khi từ chối", "SMS after TC", 0, _after_refusal(journal, tally)),
        Line("Hai tin cho một lý do", "Two SMS for one reason", 0, len([*journal.repeated])),
    ]


def show_wards(console: Console, report: Reported, phones: Places) -> None:
    """The top of the report: what it says, and whether the phones there say the same."""
    title = f"SMS theo phường, xã · by ward (reports/notifications)  ·  {p.BANNER}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=0)
    table.add_column("", no_wrap=True)
    for heading in COLUMNS:
        table.add_column(heading, justify="right")
    table.add_column("", no_wrap=True)
    places = report.places
    top = sorted(report.wards.items(), key=lambda row: -row[1]["segments"])[:SHOWN]
    for name, figures in top:
        mark = "[green]=" if _agrees(counted.place_name(name), phones, places) else "[bold red]≠"
        table.add_row(name, *_shown(figures), mark)
    table.add_section()
    table.add_row("TP.HCM · the city", *_shown(report.total))
    console.print(table)


def _shown(figures: Mapping[str, int]) -> Iterator[str]:
    return (f"{sum(figures[f] for f in column):,}" for column in COLUMNS.values())


def _agrees(place: str, phones: Places, reported: Places) -> bool:
    return _compared(phones.get(place, {})) == _compared(reported.get(place, {}))


def _agreeing(phones: Places, reported: Places) -> tuple[int, int]:
    """Those that phones name, and those of them of which the report says the same."""
    return len(phones), sum(_agrees(place, phones, reported) for place in phones)


def _compared(figures: Mapping[str, int]) -> list[int]:
    return [figures.get(figure, 0) for figure in counted.FIGURES]


def _reasons(tally: Tally, entries: Iterable[Entry]) -> tuple[int, int]:
    """Whom somebody helped on a day, and what notify made of it."""
    helped = {
        (fact.who, fact.at.astimezone(CITY_TIME).date())
        for fact in tally.safe.values()
        if fact.who and (fact.what is What.VISIT or fact.detail == "issued")
    }
    return len(helped), sum(entry.about == "visit" for entry in entries)


def _suppressed(entries: Iterable[Entry]) -> int:
    return sum(entry.state == "suppressed" for entry in entries)


def _unfinished(entries: Iterable[Entry]) -> int:
    return sum(entry.state in UNFINISHED for entry in entries)


def _after_refusal(journal: Journal, tally: Tally) -> int:
    """But to those who agreed once more: whoever is helped again may. What confirms the refusal
    itself names no ward, as all others do."""
    agreed = Counter(
        fact.who
        for fact in tally.safe.values()
        if fact.what is What.CONSENT and fact.detail == "given"
    )
    told = (sms for sms in journal.after_refusal if counted.place_of(sms.text))
    return sum(agreed[_person(sms.number)] < 2 for sms in told)


def _person(number: str) -> str:
    """Whose phone it is: an invented number is its owner's."""
    return str(int(number.removeprefix("84").removeprefix(p.NO_OPERATOR.removeprefix("0"))))


def _figures(row: Mapping[str, Any]) -> Counter[str]:
    values = {name: value for name, value in row["figures"].items() if not name.endswith("_share")}
    return Counter({name: number(value or 0) for name, value in values.items()})
