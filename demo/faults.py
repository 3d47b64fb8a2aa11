"""What goes wrong in the field, and what each must be answered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from demo import parameters as p
from demo.chance import event_id, one_of
from demo.record import Fact, Record, What
from services.events.codes import Outcome, VoidReason

NOWHERE = "99999"
"""No ward has this code."""
NOBODYS_TEAM = "to-khong-co"
REVISION = timedelta(minutes=1)

Spoil = Callable[[Record], Record]


def fate(draw: Random) -> str:
    """What becomes of a record: mostly nothing."""
    return one_of(_FATES, draw)


_FATES = {"voided": p.VOIDED, "rejected": p.REJECTED, "conflict": p.CONFLICT}
_FATES["sound"] = 1 - sum(_FATES.values())


def void_of(record: Record, draw: Random) -> Record:
    """The same phone takes the record back within the hour."""
    at = record.at + timedelta(seconds=draw.randint(60, 3_000))
    data = {
        "event_id": record.id,
        "target_type": record.type,
        "reason": draw.choice((VoidReason.MISTAKE, VoidReason.TWICE, VoidReason.WRONG_PERSON)),
    }
    fact = Fact(What.VOID, record.id, at, record.ward)
    return Record(event_id(at, draw), "event.voided.v1", at, record.ward, data, fact)


def edited(record: Record) -> Record:
    """The same id with other content: somebody changed the minute after it was sent."""
    return replace(record, at=record.at - REVISION)


def spoilt(record: Record, draw: Random) -> Record:
    """The record as an old or broken app writes it: no more than this record is refused."""
    return draw.choice([*_spoils(record)])(record)


def voidable(record: Record) -> bool:
    """Consents are withdrawn, never voided."""
    return record.fact.what in (What.DOOR, What.VISIT, What.SIGNATURE)


def _spoils(record: Record) -> Iterator[Spoil]:
    yield _nowhere
    yield _with_unknown_field
    if record.fact.what in (What.DOOR, What.VISIT):
        yield _of_another_team
    if record.fact.what is What.VISIT:
        yield _without_reason


def _nowhere(record: Record) -> Record:
    return replace(record, ward=NOWHERE)


def _with_unknown_field(record: Record) -> Record:
    return _changed(record, {"mood": "good"})


def _of_another_team(record: Record) -> Record:
    return _changed(record, {"team_id": NOBODYS_TEAM})


def _without_reason(record: Record) -> Record:
    first, *rest = record.data["services"]
    broken = {k: v for k, v in first.items() if k != "reason"} | {"outcome": Outcome.NOT_DONE}
    return _changed(record, {"services": [broken, *rest]})


def _changed(record: Record, data: Mapping[str, Any]) -> Record:
    return replace(record, data={**record.data, **data})
