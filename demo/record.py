"""One record as a phone makes it, and what a plain count will make of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from demo.chance import chance, event_id


class What(StrEnum):
    """What the comparison counts."""

    DOOR = "door"
    VISIT = "visit"
    SIGNATURE = "signature"
    CONSENT = "consent"
    VOID = "void"
    TEAM = "team"
    MEMBER = "member"
    NEIGHBOURHOOD = "neighbourhood"
    POINT = "point"
    ACTIVITY = "activity"
    OTHER = "other"


class Fact(NamedTuple):
    """What stands if the record stands; `who` is whom or what it is about."""

    what: What
    who: str
    at: datetime
    ward: str
    detail: str = ""
    amount: int = 0
    team: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An event before somebody signs it with their `source`."""

    id: str
    type: str
    at: datetime
    ward: str
    data: Mapping[str, Any]
    fact: Fact
    subject: str = ""

    def body(self, source: str, clock_wrong_s: int = 0) -> bytes:
        """Its JSON; a phone whose clock is wrong writes its own time."""
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "source": source,
            "type": self.type,
            "time": (self.at + timedelta(seconds=clock_wrong_s)).isoformat(),
            "ward": self.ward,
            "data": self.data,
        }
        if self.subject:
            event["subject"] = self.subject
        return orjson.dumps(event)


def decided(
    seed: int,
    type_: str,
    subject: str,
    ward: str,
    at: datetime,
    data: Mapping[str, Any],
    fact: Fact,
) -> Record:
    """What an office records of something; its id follows from the seed."""
    draw = chance(seed, type_, subject, data.get("member_id", ""))
    return Record(event_id(at, draw), type_, at, ward, data, fact, subject)
