"""What is appended to an event log, and how the log answers."""

from dataclasses import dataclass
from enum import StrEnum

from services.events.envelope import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One event on its way into the log; `event.recordedtime` is set."""

    event: Event
    payload_hash: bytes
    """Keyed hash of what was posted: the same id with another hash is a conflict."""
    decided: bool = False
    """Its subject's history is read again when the subject's next event is decided."""
    published: bool = True
    """False keeps it from the relay: what came before the event it takes back waits for it."""
    contact: bytes | None = None
    """The citizen's contact, encrypted under the citizen's data key; for notify alone."""


class Appended(StrEnum):
    """The log's answer for one entry."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


def repeated(new: bytes, known: bytes) -> Appended:
    """What an id that was posted before is, by the hashes of both postings."""
    return Appended.DUPLICATE if new == known else Appended.CONFLICT
