"""One connection: octets in and out, and answers matched to questions by their sequence number."""

import asyncio
from collections.abc import Callable, Container
from dataclasses import dataclass

import structlog

from services.notify.smpp.codes import Command, Status
from services.notify.smpp.pdu import Frames, Pdu, Unreadable, decode, encode, framed

log = structlog.get_logger(__name__)

Answer = asyncio.Future[Pdu | None]
"""None once the connection has ended."""

_LAST = 0x7FFF_FFFF
_READ = 64 * 1024
_FLUSH_S = 1.0


@dataclass(frozen=True, slots=True)
class _Question:
    command: Command
    answer: Answer


class Link:
    """Any number of questions may be open; what nobody asked for goes to `hear`."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hear: Callable[[Pdu], None],
        first_sequence: int = 1,
    ) -> None:
        self._reader, self._writer, self._hear = reader, writer, hear
        self._last_sequence = first_sequence - 1
        self._open: dict[int, _Question] = {}
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[str] = self._loop.create_future()
        self.heard_at = self._loop.time()
        """When the last octet came, by the loop's clock."""

    def ask(self, command: Command, body: bytes = b"") -> Answer | None:
        """None when the connection is closing: nothing was written then."""
        if self._over.done() or self._writer.is_closing():
            return None
        sequence = self._last_sequence = following(self._last_sequence, self._open)
        answer: Answer = self._loop.create_future()
        self._open[sequence] = _Question(command, answer)
        self._writer.write(framed(command, sequence, body))
        return answer

    def tell(self, answer: Pdu) -> None:
        """What the peer asked for; nothing happens when it has gone."""
        if not self._writer.is_closing():
            self._writer.write(encode(answer))

    def end(self, reason: str) -> None:
        """Closes soon; the first reason counts."""
        if not self._over.done():
            self._over.set_result(reason)

    async def run(self) -> str:
        """Until either side ends it; says why. All open questions have their answer then."""
        reading = asyncio.create_task(self._read())
        try:
            return await asyncio.shield(self._over)
        finally:
            reading.cancel()
            self.end("cancelled")
            self._writer.close()
            while self._open:
                self._settle(self._open.popitem()[1], None)
            await self._flush()

    async def quiet(self) -> None:
        """Waits until no question is open."""
        while self._open:
            await asyncio.wait([question.answer for question in self._open.values()])

    async def _read(self) -> None:
        frames = Frames()
        try:
            while not frames.broken and (data := await self._reader.read(_READ)):
                self.heard_at = self._loop.time()
                for frame in frames.feed(data):
                    self._take(decode(frame))
                await self._writer.drain()
        except OSError:
            self.end("connection_lost")
        except Exception:  # the session must end rather than hang
            log.exception("an SMPP connection could not be read")
        if frames.broken:
            self.tell(Pdu(Command.GENERIC_NACK, 0, status=Status.INVALID_LENGTH))
        self.end("not_smpp" if frames.broken else "closed_by_peer")

    def _take(self, pdu: Pdu | Unreadable) -> None:
        if isinstance(pdu, Unreadable):
            if not pdu.is_response:
                self.tell(Pdu(Command.GENERIC_NACK, pdu.sequence, status=pdu.status))
        elif pdu.is_response:
            self._answered(pdu)
        else:
            self._hear(pdu)

    def _answered(self, pdu: Pdu) -> None:
        """What answers no open question is passed over: it may be late, or come twice."""
        question = self._open.get(pdu.sequence)
        if question and pdu.command in {question.command.answer, Command.GENERIC_NACK}:
            self._settle(self._open.pop(pdu.sequence), pdu)

    def _settle(self, question: _Question, answer: Pdu | None) -> None:
        if not question.answer.done():
            question.answer.set_result(answer)

    async def _flush(self) -> None:
        """What was written may still leave, to a peer that reads."""
        try:
            async with asyncio.timeout(_FLUSH_S):
                await self._writer.wait_closed()
        except OSError:
            log.debug("an SMPP connection ended with octets unsent")
        finally:
            self._writer.transport.abort()


def following(number: int, taken: Container[int]) -> int:
    """The next sequence number that is not taken: 1 to 0x7FFFFFFF, again and again (3.2.1.4)."""
    number = number % _LAST + 1
    while number in taken:
        number = number % _LAST + 1
    return number
