"""What became of what was sent, as the server said it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.tally import Tally
from demo.uploads import Planned, Sent

SAFE = ("accepted", "duplicate")


@dataclass
class Results:
    """Counts of this run, and the facts that now stand."""

    tally: Tally = field(default_factory=Tally)
    counts: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    """Accepted in this run, by type."""
    surprises: Counter[str] = field(default_factory=Counter)
    """Answers that were not planned, by what was planned and what came."""

    @property
    def sent(self) -> int:
        """Events, resent ones among them."""
        return sum(self.counts.values())

    def note(self, poster: str, sent: Sequence[Sent], results: Sequence[Mapping[str, Any]]) -> None:
        """One upload's answers, in order."""
        for one, result in zip(sent, results, strict=True):
            self._note(poster, one, result)

    def _note(self, poster: str, one: Sent, result: Mapping[str, Any]) -> None:
        kind, record = result["result"], one.record
        self.counts[kind] += 1
        self.accepted[record.type] += kind == Planned.ACCEPTED
        if kind in SAFE:
            self.tally.safe[record.id] = record.fact
        elif kind == Planned.CONFLICT:
            self.tally.conflicting.add((poster, record.id))
        elif poster.startswith("/device/") and not result.get("retryable"):
            self.tally.rejected.add((poster, record.id))
        if not _as_planned(one.planned, kind):
            self.surprises[f"{one.planned} → {kind} {result.get('code', '')}".strip()] += 1


def _as_planned(planned: Planned, kind: str) -> bool:
    """What was accepted in an earlier run is a duplicate now."""
    return planned == kind or (planned is Planned.ACCEPTED and kind in SAFE)
