"""Events judged in turn, each with the history that those before it leave. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.events.envelope import Event
from services.messaging.log.entry import Appended, Entry, repeated
from services.platform.problems import ProblemKind
from services.registration.subjects.deciding import decide
from services.registration.subjects.problems import Refusal
from services.registration.subjects.rows import row_id
from services.registration.subjects.subject import Decided, Subject

ALREADY_REPLACED = ProblemKind(
    "already_replaced",
    409,
    "Sự kiện này đã được ghi lại bằng sự kiện khác. Nếu vẫn sai, hãy sửa sự kiện mới đó.",
    "Another event has replaced this one already. If that is wrong too, replace that one.",
)


class Decision(NamedTuple):
    """An entry on its way in, and whose rules judge it; with the void of what it replaces."""

    subject: Subject
    entry: Entry
    void: Entry | None = None

    @property
    def entries(self) -> list[Entry]:
        """What is appended, together or not at all."""
        return [self.void, self.entry] if self.void else [self.entry]

    @property
    def waits(self) -> bool:
        """Whether the void is for an event that was refused, and may be admitted yet."""
        return self.void is not None and not self.void.published

    @property
    def folded(self) -> list[Event]:
        """What the rules of a history look at: no observed event, and no void that waits."""
        if not isinstance(self.subject, Decided):
            return []
        return [entry.event for entry in self.entries if entry.published]


class FoldedRow(NamedTuple):
    """A subject's state once `event` is recorded; None leaves no row."""

    kind: str
    event: Event
    state: Any

    @property
    def id(self) -> str:
        """The document's `_id`."""
        return row_id(self.kind, self.event.subject)


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
            self.add(decision)
        except Refusal as refusal:
            return refusal
        self._logged |= {entry.event.id: entry.payload_hash for entry in decision.entries}
        return Appended.ACCEPTED

    def add(self, decision: Decision) -> None:
        """Raises: Refusal."""
        if decision.void and decision.void.event.id in self._logged:
            raise Refusal(ALREADY_REPLACED, "/replaces")
        if isinstance(decision.subject, Decided):
            self._fold(decision.subject, _by_subject(decision.folded))

    def _fold(self, subject: Decided[Any], by_subject: Sequence[Sequence[Event]]) -> None:
        """All of them or, where one is refused, none."""
        states = [decide(subject, self._histories[new[-1].subject], *new) for new in by_subject]
        for new, state in zip(by_subject, states, strict=True):
            self._histories[new[-1].subject].extend(new)
            row = FoldedRow(subject.kind, new[-1], state)
            self.rows[row.id] = row


def _by_subject(events: Sequence[Event]) -> list[list[Event]]:
    """A corrected event may be about something else than the one it replaces."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.subject, []).append(event)
    return list(found.values())
