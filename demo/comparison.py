"""At the end: what the demo counted itself beside what the city sees, line by line."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from demo import parameters as p
from demo.reader import Reader
from demo.results import Results
from demo.server import REPORTING, CannotPlay, Server

PATIENCE_S = 120.0
LOOK_AGAIN_S = 0.25
_COUNTER = re.compile(r'^intake_events_total\{result="(\w+)"\} (\S+)$', re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One number, counted twice."""

    vi: str
    en: str
    ours: int
    theirs: int

    @property
    def equal(self) -> bool:
        return self.ours == self.theirs


async def counters(registration: Server) -> Mapping[str, int]:
    """How registration answered so far, by result."""
    text = await registration.text("/metrics")
    return {result: int(float(value)) for result, value in _COUNTER.findall(text)}


def of_counters(
    results: Results, before: Mapping[str, int], after: Mapping[str, int]
) -> list[Line]:
    """This run's answers beside registration's counter."""
    theirs = {kind: after.get(kind, 0) - before.get(kind, 0) for kind in after}
    lines = [Line("Đã gửi", "Sent in this run", results.sent, sum(theirs.values()))]
    for kind, (vi, en) in _KINDS.items():
        lines.append(Line(vi, en, results.counts[kind], theirs.get(kind, 0)))
    return lines


_KINDS = {
    "accepted": ("Được nhận", "Accepted in this run"),
    "duplicate": ("Đã có (gửi lại)", "Duplicates in this run"),
    "conflict": ("Trùng mã, khác nội dung", "Conflicting in this run"),
    "rejected": ("Bị từ chối", "Rejected in this run"),
}


class Overview:
    """The city's overview, asked until it holds all that was sent."""

    def __init__(self, reporting: Reader) -> None:
        self._reporting = reporting

    async def holding_all_before(self, instant: datetime, until: date) -> Mapping[str, Any]:
        """Raises: CannotPlay when the reports do not come that far."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            answer = await self.at(until)
            known = answer["true_as_of"]
            if known and datetime.fromisoformat(known) > instant:
                return answer
            await asyncio.sleep(LOOK_AGAIN_S)
        raise CannotPlay(
            f"Sau {PATIENCE_S:.0f} giây báo cáo vẫn chưa đủ; hãy xem nhật ký của reporting.",
            f"After {PATIENCE_S:.0f} s the reports are not complete; see the log of reporting.",
        )

    async def at(self, until: date, report: str = "overview") -> Mapping[str, Any]:
        """A report up to a day."""
        path = f"{REPORTING}/reports/{report}"
        found: Mapping[str, Any] = await self._reporting.get(path, to=until.isoformat())
        return found


def of_overview(results: Results, answer: Mapping[str, Any]) -> list[Line]:
    """What stands, beside the overview's total."""
    return _of_total(results.tally.figures(), answer)


def of_activities(results: Results, answer: Mapping[str, Any]) -> list[Line]:
    """What was held and who came, beside that report's total."""
    return _of_total(results.tally.activities(), answer)


def _of_total(counted: Mapping[str, int], answer: Mapping[str, Any]) -> list[Line]:
    names = {info["figure"]: info["name"] for info in answer["figures"]}
    total = answer["total"]["figures"]
    return [
        Line(names[figure]["vi"], names[figure]["en"], ours, number(total[figure]))
        for figure, ours in counted.items()
    ]


def of_march(answer: Mapping[str, Any], points: int, main_points: int) -> list[Line]:
    """Quận 1 as it stood on its day."""
    total = answer["total"]["figures"]
    then = f"{p.HISTORY_DAY:%d/%m/%Y}"
    return [
        Line(
            f"Điểm hỗ trợ, {then}",
            f"Service points, {then}",
            points,
            number(total["service_points"]),
        ),
        Line(
            f"Điểm chính, {then}", f"Main points, {then}", main_points, number(total["main_points"])
        ),
    ]


def number(figure: Any) -> int:
    """A figure's value, however much is said around it."""
    return int(figure["value"] if isinstance(figure, dict) else figure)


def show(console: Console, parts: Mapping[str, list[Line]]) -> bool:
    """The table; whether every line is equal."""
    for title, lines in parts.items():
        table = Table(title=f"{title}  ·  {p.BANNER}", title_justify="left")
        table.add_column("")
        table.add_column("chiến dịch · campaign", justify="right")
        table.add_column("hệ thống · system", justify="right")
        table.add_column("")
        for line in lines:
            mark = "[green]= bằng · equal" if line.equal else "[bold red]≠ khác · not equal"
            table.add_row(f"{line.vi} · {line.en}", f"{line.ours:,}", f"{line.theirs:,}", mark)
        console.print(table)
    return all(line.equal for lines in parts.values() for line in lines)


def now() -> datetime:
    """Everything that was answered so far was recorded before."""
    return datetime.now(UTC)
