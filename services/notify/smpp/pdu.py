"""A PDU as octets and back (section 3.2); no octets make it raise or take long."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from services.notify.smpp.bodies import (
    Bind,
    Body,
    Bound,
    Data,
    Empty,
    Message,
    Taken,
    read,
    write,
)
from services.notify.smpp.codes import RESPONSE, Command, Status
from services.notify.smpp.fields import LONGEST, Malformed

_NOTHING = Empty()
_HEADER = struct.Struct(">IIII")

_SHAPES: Mapping[Command, type[Body]] = {
    Command.GENERIC_NACK: Empty,
    Command.BIND_RECEIVER: Bind,
    Command.BIND_RECEIVER_RESP: Bound,
    Command.BIND_TRANSMITTER: Bind,
    Command.BIND_TRANSMITTER_RESP: Bound,
    Command.SUBMIT_SM: Message,
    Command.SUBMIT_SM_RESP: Taken,
    Command.DELIVER_SM: Message,
    Command.DELIVER_SM_RESP: Taken,
    Command.DATA_SM: Data,
    Command.DATA_SM_RESP: Taken,
    Command.UNBIND: Empty,
    Command.UNBIND_RESP: Empty,
    Command.BIND_TRANSCEIVER: Bind,
    Command.BIND_TRANSCEIVER_RESP: Bound,
    Command.ENQUIRE_LINK: Empty,
    Command.ENQUIRE_LINK_RESP: Empty,
}


@dataclass(frozen=True, slots=True)
class Pdu:
    """One that can be read."""

    command: Command
    sequence: int
    body: Body = _NOTHING
    status: int = Status.OK

    @property
    def is_response(self) -> bool:
        """Whether it answers one of ours."""
        return bool(self.command & RESPONSE)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One whose header can be read, and nothing else; `status` says why."""

    command: int
    sequence: int
    status: Status

    @property
    def is_response(self) -> bool:
        """Nobody answers a response."""
        return bool(self.command & RESPONSE)


def encode(pdu: Pdu) -> bytes:
    """Raises: Malformed for a value that its field cannot hold."""
    if not isinstance(pdu.body, _SHAPES[pdu.command]):
        raise Malformed(f"{pdu.command.name} has another body")
    return framed(pdu.command, pdu.sequence, write(pdu.body), pdu.status)


def framed(command: Command, sequence: int, body: bytes, status: int = Status.OK) -> bytes:
    """A body as `write` gives it, behind its header."""
    return _HEADER.pack(_HEADER.size + len(body), command, status, sequence) + body


def decode(frame: bytes) -> Pdu | Unreadable:
    """A frame as `Frames` cuts it.

    Responses are read as far as they go: what they answer has happened. Their status counts, and
    many an SMSC leaves out the body of a refusal.
    """
    _, number, status, sequence = _HEADER.unpack_from(frame)
    try:
        command = Command(number)
    except ValueError:
        return Unreadable(number, sequence, Status.INVALID_COMMAND)
    lenient = bool(number & RESPONSE)
    try:
        body = read(_SHAPES[command], frame[_HEADER.size :], lenient=lenient)
    except Malformed:
        return Unreadable(number, sequence, Status.INVALID_LENGTH)
    return Pdu(command, sequence, body, status)


class Frames:
    """Cuts what a connection brings into PDUs, however it arrives."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self.broken = False
        """A length came that no PDU has: nothing from there on can be trusted."""

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that are complete now."""
        self._rest += data
        found = []
        while (length := self._length()) and len(self._rest) >= length:
            found.append(bytes(self._rest[:length]))
            del self._rest[:length]
        return found

    def _length(self) -> int | None:
        if self.broken or len(self._rest) < 4:
            return None
        length = int.from_bytes(self._rest[:4], "big")
        self.broken = not _HEADER.size <= length <= LONGEST
        return None if self.broken else length
