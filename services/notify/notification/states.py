"""The states of a notification, and the moves between them, as data."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a notification stands."""

    RECEIVED = "received"
    DEFERRED = "deferred"
    SUPPRESSED = "suppressed"
    READY = "ready"
    SUBMITTING = "submitting"
    RETRY_AT = "retry_at"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNCONFIRMED = "unconfirmed"


_JUDGED = frozenset({State.READY, State.DEFERRED, State.SUPPRESSED, State.UNKNOWN})
"""Unknown: where an attempt was left open that nobody can settle any more."""
_RECEIPTS = frozenset({State.DELIVERED, State.UNDELIVERED})
MOVES: Mapping[State, frozenset[State]] = {
    State.RECEIVED: _JUDGED | {State.RECEIVED},
    State.DEFERRED: _JUDGED | {State.RECEIVED},
    State.SUPPRESSED: frozenset({State.RECEIVED}),
    State.READY: frozenset({State.SUBMITTING}),
    State.SUBMITTING: frozenset({State.ACCEPTED, State.RETRY_AT, State.FAILED, State.UNKNOWN}),
    State.RETRY_AT: _JUDGED | _RECEIPTS,
    State.FAILED: frozenset({State.RECEIVED}),
    State.UNKNOWN: _RECEIPTS | {State.ACCEPTED},
    State.ACCEPTED: _RECEIPTS | {State.UNCONFIRMED},
    State.UNCONFIRMED: _RECEIPTS,
    State.DELIVERED: frozenset(),
    State.UNDELIVERED: frozenset(),
}
"""Forward only: nothing leads from a state in which an SMS may have left to another attempt.

The exception is an attempt whose provider recognises its repetition; see `transitions.doubt`.
"""

JUDGEABLE = frozenset({State.RECEIVED, State.DEFERRED, State.RETRY_AT})
"""Nothing has left yet, and the policy decides what follows."""
UNSENT = frozenset({State.RECEIVED, State.DEFERRED, State.SUPPRESSED})
"""Nothing has been tried: a further visit of the day joins and starts the delay again."""
NEVER_LEFT = JUDGEABLE | UNSENT | {State.FAILED}
"""All that was tried was surely refused, unless an attempt was left open."""

SENT = frozenset({State.ACCEPTED, State.DELIVERED, State.UNKNOWN, State.UNCONFIRMED})
"""The citizen has it, or may have."""


class NoSuchMove(Exception):
    """The state machine does not lead from one state to the other."""
