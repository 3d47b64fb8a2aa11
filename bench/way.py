"""A way of an event, ours or the bare one, and how far what was posted has come on it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pymongo.database import Database

from bench.stage import NotEqual, Stage, wait_for

PATIENCE_S = 600


@dataclass(frozen=True)
class Way:
    """Where events are posted, and the collections in which they come to stand."""

    url: str
    logs: Sequence[Database[dict[str, Any]]]
    """Those of all publishers, intake's first."""
    facts: Database[dict[str, Any]]

    def accepted(self) -> int:
        """Events in intake's log."""
        return int(self.logs[0]["events"].estimated_document_count())

    def reported(self) -> int:
        """Of those, how many are in the figures."""
        others = sum(log["events"].estimated_document_count() for log in self.logs[1:])
        return int(self.facts["facts"].estimated_document_count()) - int(others)

    def all_published(self) -> bool:
        """Whether nothing waits in intake's log."""
        waits = {"$or": [{name: {"$exists": True}} for name in ("pending", "owed")]}
        return self.logs[0]["events"].find_one(waits, {"_id": 1}) is None

    def settle(self) -> None:
        """Until all that was accepted is reported. Raises: NotEqual."""
        try:
            wait_for(lambda: self.reported() == self.accepted(), PATIENCE_S, every_s=0.2)
        except TimeoutError:
            raise NotEqual(f"accepted {self.accepted()}, reported {self.reported()}") from None


class Sample(NamedTuple):
    """How far it was at a moment."""

    at: float
    accepted: int
    reported: int


def sample(way: Way) -> Sample:
    """Now."""
    return Sample(time.monotonic(), way.accepted(), way.reported())


def our_way(stage: Stage) -> Way:
    """Through the three services."""
    databases = {name: stage.client[stage.database(name)] for name in stage.ports}
    logs = [databases["registration"], databases["notify"]]
    return Way(stage.url("registration"), logs, databases["reporting"])
