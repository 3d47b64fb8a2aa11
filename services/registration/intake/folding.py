"""Decided events judged in turn, each with the history that those before it leave. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.events.envelope import Event
from services.messaging.entry import Appended, Entry, repeated
from services.registration.intake.rows import row_id
from services.registration.intake.subject import Refusal, Subject, decide


class Decision(NamedTuple):
    """An entry on its way in, and whose rules judge it."""

    subject: Subject[Any]
    entry: Entry


class Folding:
    """Histories as they grow event by event, and the rows that they come to."""

    def __init__(
        self, histories: dict[str, list[Event]], logged: Mapping[str, bytes] | None = None
    ) -> None:
        """`logged`: by id, the hash of what was posted before."""
        self._histories = histories
        self._logged = dict(logged or {})
        self.rows: dict[str, FoldedRow] = {}

    def judge(self, decision: Decision) -> Appended | Refusal:
        """An id that is logged is answered before any rule; what is refused changes nothing."""
        event, payload_hash = decision.entry.event, decision.entry.payload_hash
        known = self._logged.get(event.id)
        if known is not None:
            return repeated(payload_hash, known)
        try:
            self.add(decision.subject, event)
        except Refusal as refusal:
            return refusal
        self._logged[event.id] = payload_hash
        return Appended.ACCEPTED

    def add(self, subject: Subject[Any], event: Event) -> None:
        """Raises: Refusal."""
        history = self._histories[event.subject]
        state = decide(subject, history, event)
        history.append(event)
        row = FoldedRow(subject.kind, event, state)
        self.rows[row.id] = row


class FoldedRow(NamedTuple):
    """A subject's state once `event` is recorded; None leaves no row."""

    kind: str
    event: Event
    state: Any

    @property
    def id(self) -> str:
        """The document's `_id`."""
        return row_id(self.kind, self.event.subject)
