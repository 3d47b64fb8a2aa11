"""Up to when an answer holds all events, why not longer, and without which. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field

from services.messaging.log.completeness import NOTIFY, PUBLISHERS, REGISTRATION
from services.platform.http.app import Sentence
from services.reporting.definitions.wards import WardRef, unit_of, ward_ref
from services.reporting.stores.aside_store import Some
from services.reporting.stores.progress_store import State
from services.reporting.stores.standing import NOTHING, OfLog

Code = Literal["set_aside", "missing", "extra", "differs", "silent"]

GRACE = timedelta(seconds=10)
"""What is on its way for less is no reason yet."""
SILENCE = timedelta(seconds=30)
"""A log states each second what it has."""

_LOGS = {
    REGISTRATION: Sentence(vi="nhật ký của registration", en="registration's log"),
    NOTIFY: Sentence(vi="nhật ký của notify", en="notify's log"),
}


class HeldBack(BaseModel):
    """Why `true_as_of` stands still."""

    code: Code
    message: Sentence
    log: str = Field(description="Whose events: `registration` or `notify`")
    count: int = Field(description="How many events; 0 where nobody can say")
    ward: WardRef | None = None
    since: datetime | None = Field(description="Null: it has been so from the beginning")


class LeftOut(BaseModel):
    """Events that the figures go without for good, as an operator decided."""

    message: Sentence
    count: int
    ward: WardRef


class Completeness(BaseModel):
    """What every answer says of itself."""

    true_as_of: datetime | None = Field(
        description="All that was recorded before this instant is in the figures"
    )
    held_back: list[HeldBack] = Field(description="Why that instant stands still")
    without: list[LeftOut] = Field(description="What was left out for good, by ward")
    remaking: int = Field(
        0, description="So many wards' figures are being made anew, as after an upgrade"
    )

    def fields(self) -> dict[str, Any]:
        """For an answer that says the same of itself."""
        return {name: getattr(self, name) for name in Completeness.model_fields}


def completeness(
    states: Mapping[int, State],
    partitions: int,
    buried: Sequence[Some],
    left_out: Sequence[Some],
    now: datetime,
) -> Completeness:
    """The least over partitions and logs, and never ahead of our own clock."""
    standings = {n: states[n].standing if n in states else NOTHING for n in range(partitions)}
    logs = {log: {n: of[log] for n, of in standings.items()} for log in PUBLISHERS}
    proven = [of_log.true_until for parts in logs.values() for of_log in parts.values()]
    known = [instant for instant in proven if instant]
    return Completeness(
        true_as_of=min(*known, now) if len(known) == len(proven) else None,
        held_back=[r for log, parts in logs.items() for r in _reasons(log, parts, buried, now)],
        without=list(_without(left_out)),
    )


def _reasons(
    log: str, parts: Mapping[int, OfLog], buried: Sequence[Some], now: datetime
) -> Iterator[HeldBack]:
    gaps = {n: of_log.gap for n, of_log in parts.items() if of_log.gap}
    waiting = [some for some in buried if some.log == log and some.partition in gaps]
    yield from _set_aside(log, waiting)
    known = Counter[int]()
    for some in waiting:
        known[some.partition] += some.count
    old = {n: gap for n, gap in gaps.items() if now - gap.since > GRACE}
    rest = {n: gap.lacks - known[n] for n, gap in old.items()}
    since = min((gap.since for gap in old.values()), default=None)
    if missing := sum(n for n in rest.values() if n > 0):
        yield _reason("missing", log, missing, since)
    if extra := -sum(n for n in rest.values() if n < 0):
        yield _reason("extra", log, extra, since)
    if any(not gap.lacks for gap in old.values()):
        yield _reason("differs", log, 0, since)
    heard = [of_log.heard_at for of_log in parts.values()]
    last = [at for at in heard if at]
    if len(last) < len(heard) or now - min(last) > SILENCE:
        yield _reason("silent", log, 0, min(last) if len(last) == len(heard) else None)


def _set_aside(log: str, waiting: Iterable[Some]) -> Iterator[HeldBack]:
    for some in waiting:
        ward = _ward(some.ward)
        yield HeldBack(
            code="set_aside",
            message=Sentence(
                vi=f"{some.count} sự kiện của {ward.name} được để riêng, chờ người vận hành.",
                en=f"{_events(some.count)} of {ward.name} set aside, waiting for an operator.",
            ),
            log=log,
            count=some.count,
            ward=ward,
            since=some.since,
        )


def _reason(code: Code, log: str, count: int, since: datetime | None) -> HeldBack:
    name = _LOGS[log]
    vi, en = {
        "missing": (
            f"{count} sự kiện trong {name.vi} chưa đến.",
            f"{_events(count)} of {name.en} not here yet.",
        ),
        "extra": (
            f"Có {count} sự kiện mà {name.vi} không có.",
            f"{_events(count)} here that {name.en} does not have.",
        ),
        "differs": (
            f"Sự kiện ở đây khác với {name.vi}.",
            f"The events here are not those of {name.en}.",
        ),
        "silent": (
            f"Chưa nghe {name.vi} báo gì.",
            f"Nothing has been heard of {name.en}.",
        ),
    }[code]
    return HeldBack(code=code, message=Sentence(vi=vi, en=en), log=log, count=count, since=since)


def _without(left_out: Iterable[Some]) -> Iterator[LeftOut]:
    by_ward = Counter[str]()
    for some in left_out:
        by_ward[some.ward] += some.count
    for code, count in sorted(by_ward.items()):
        ward = _ward(code)
        yield LeftOut(
            message=Sentence(
                vi=f"Không có {count} sự kiện của {ward.name}.",
                en=f"Without {_events(count)} of {ward.name}.",
            ),
            count=count,
            ward=ward,
        )


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


def _ward(code: str) -> WardRef:
    unit = unit_of(code)
    return ward_ref(unit.key if unit else code)
