"""The seven ways in which a submit can end, told apart by what is known of the message."""

from dataclasses import dataclass

from services.notify.smpp.bodies import Taken
from services.notify.smpp.codes import Command, Status
from services.notify.smpp.pdu import Pdu


@dataclass(frozen=True, slots=True)
class SubmitAccepted:
    """The SMSC took it."""

    message_id: str
    """As it came; empty from an SMSC that gives none."""


@dataclass(frozen=True, slots=True)
class SubmitRefused:
    """The SMSC did not take it."""

    status: int


@dataclass(frozen=True, slots=True)
class Throttled:
    """The SMSC takes none for now: surely not accepted."""

    status: int


@dataclass(frozen=True, slots=True)
class NotSent:
    """No octet of it left: surely not accepted."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Whoever submits it let it go no more once it had its place: no octet of it left."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """It left, and no answer came in time: unknown."""


@dataclass(frozen=True, slots=True)
class Lost:
    """It may have left, and the connection ended without an answer: unknown."""


Outcome = SubmitAccepted | SubmitRefused | Throttled | NotSent | HeldBack | TimedOut | Lost


def outcome_of(answer: Pdu | None) -> Outcome:
    """None where the connection ended first."""
    if answer is None:
        return Lost()
    if answer.status in {Status.THROTTLED, Status.QUEUE_FULL}:
        return Throttled(answer.status)
    if answer.status or answer.command is Command.GENERIC_NACK:
        return SubmitRefused(answer.status)
    assert isinstance(answer.body, Taken)  # noqa: S101 - a submit_sm_resp has no other
    return SubmitAccepted(answer.body.message_id)
