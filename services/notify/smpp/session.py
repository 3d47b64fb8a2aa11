"""A bound connection: submits within a window, deliveries acknowledged once they are kept."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from services.notify.smpp.bodies import Bind, Data, Message, Taken, write
from services.notify.smpp.codes import Command, Status
from services.notify.smpp.deadlines import Deadlines
from services.notify.smpp.link import Answer, Link
from services.notify.smpp.outcomes import HeldBack, NotSent, Outcome, TimedOut, outcome_of
from services.notify.smpp.pdu import Pdu
from services.notify.smpp.window import Window

log = structlog.get_logger(__name__)

Keep = Callable[[Message], Awaitable[None]]
"""Makes a delivery durable; it is acknowledged when this returned, and sent again when it raised.

It may run for many deliveries at once, and see one twice.
"""

MayLeave = Callable[[], Awaitable[bool]]
"""The last word of whoever submits; raises nothing."""


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """What an SMSC's operator and we agreed on."""

    window: int = 10
    """Submits without an answer."""
    response_s: float = 60.0
    enquire_s: float = 30.0
    """After so long without an octet the peer is asked whether it is there."""
    farewell_s: float = 5.0
    """For what is in flight when a session ends in order."""
    deliveries: int = 100
    """Being kept at a time; the peer is told to send what is beyond again."""
    first_sequence: int = 1


class BindRefused(Exception):
    """The SMSC does not let us in; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(f"bind refused with status {status:#x}")
        self.status = status


class Session:
    """Runs from its making until its end, on a connection that is its own."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        terms: SessionTerms,
        keep: Keep,
    ) -> None:
        self._terms, self._keep = terms, keep
        self._link = Link(reader, writer, self._hear, terms.first_sequence)
        self._window = Window(terms.window)
        self._deadlines = Deadlines(terms.response_s)
        self._overdue: set[Answer] = set()
        self._deliveries: set[asyncio.Task[None]] = set()
        self._leaving: asyncio.Task[None] | None = None
        self.closing = asyncio.Event()
        """No submit is taken any more."""
        self._running = asyncio.create_task(self._run())

    async def bind(self, command: Command, who: Bind) -> None:
        """Raises: BindRefused; OSError when no answer comes. It has ended then."""
        asked = self._link.ask(command, write(who))
        try:
            answer = await self._heard_out(asked)
            if answer is None:
                raise ConnectionError("no answer to the bind")
            if answer.status or answer.command is Command.GENERIC_NACK:
                raise BindRefused(answer.status)
        except BaseException:
            self._link.end("not_bound")
            await self.ended()
            raise

    async def submit(
        self, message: Message, patience_s: float | None = None, may_leave: MayLeave | None = None
    ) -> Outcome:
        """Waits for a place in the window first, for ever by default; then `may_leave` is asked.

        An answer that never comes keeps its place: the window holds for the peer too. When all
        places are kept so, the session ends.
        Raises: Malformed for a value that its field cannot hold; nothing was sent then.
        """
        body = write(message)
        if not await self._window.enter(patience_s):
            return NotSent()
        if may_leave and not await self._allowed(may_leave):
            return HeldBack()
        asked = self._link.ask(Command.SUBMIT_SM, body)
        if asked is None:
            self._window.leave()
            return NotSent()
        asked.add_done_callback(lambda _: self._window.leave())
        if await self._deadlines.heard(asked):
            return outcome_of(asked.result())
        self._give_up(asked)
        return TimedOut()

    async def _allowed(self, may_leave: MayLeave) -> bool:
        """The place of what may not leave is the next one's."""
        allowed = False
        try:
            allowed = await may_leave()
        finally:
            if not allowed:
                self._window.leave()
        return allowed

    async def ended(self) -> str:
        """Waits for the end and says why."""
        return await asyncio.shield(self._running)

    async def close(self) -> None:
        """In order: what is in flight is heard out, what is being kept is acknowledged."""
        self._shut()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._terms.farewell_s):
                await self._quiet()
                if asked := self._link.ask(Command.UNBIND):
                    await asked
        self._link.end("closed")
        await self.ended()

    async def _run(self) -> str:
        watching = asyncio.create_task(self._watch())
        try:
            return await self._link.run()
        finally:
            watching.cancel()
            self._shut()

    async def _watch(self) -> None:
        """A peer that is silent and does not answer is gone, whatever the network says."""
        while True:
            idle = asyncio.get_running_loop().time() - self._link.heard_at
            if idle < self._terms.enquire_s:
                await asyncio.sleep(self._terms.enquire_s - idle)
            elif not await self._heard_out(self._link.ask(Command.ENQUIRE_LINK)):
                return self._link.end("peer_silent")

    async def _heard_out(self, asked: Answer | None) -> Pdu | None:
        if asked is None:
            return None
        await asyncio.wait([asked], timeout=self._terms.response_s)
        return asked.result() if asked.done() else None

    def _give_up(self, asked: Answer) -> None:
        self._overdue.add(asked)
        asked.add_done_callback(self._overdue.discard)
        if len(self._overdue) >= self._terms.window:
            self._link.end("window_never_answered")

    def _hear(self, pdu: Pdu) -> None:
        if pdu.command is Command.ENQUIRE_LINK:
            self._link.tell(Pdu(Command.ENQUIRE_LINK_RESP, pdu.sequence))
        elif pdu.command is Command.UNBIND:
            self._link.tell(Pdu(Command.UNBIND_RESP, pdu.sequence))
            self._shut()
            self._leaving = self._leaving or asyncio.create_task(self._leave())
        elif isinstance(pdu.body, Message) and pdu.command is Command.DELIVER_SM:
            self._deliver(pdu, pdu.body)
        elif isinstance(pdu.body, Data):
            self._deliver(pdu, pdu.body.message)
        else:
            self._link.tell(Pdu(Command.GENERIC_NACK, pdu.sequence, status=Status.INVALID_COMMAND))

    async def _leave(self) -> None:
        """After the peer's unbind: answers under way may still come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._terms.farewell_s):
                await self._quiet()
        self._link.end("unbound_by_peer")

    def _deliver(self, asked: Pdu, message: Message) -> None:
        if len(self._deliveries) >= self._terms.deliveries:
            return self._acknowledge(asked, Status.QUEUE_FULL)
        keeping = asyncio.create_task(self._kept(asked, message))
        self._deliveries.add(keeping)
        keeping.add_done_callback(self._deliveries.discard)
        return None

    async def _kept(self, asked: Pdu, message: Message) -> None:
        try:
            await self._keep(message)
        except Exception as error:  # the peer sends it again  # noqa: BLE001
            log.warning("a delivery was not kept", error=type(error).__name__)
            self._acknowledge(asked, Status.SYSTEM_ERROR)
        else:
            self._acknowledge(asked, Status.OK)

    def _acknowledge(self, asked: Pdu, status: Status) -> None:
        self._link.tell(Pdu(asked.command.answer, asked.sequence, Taken(), status))

    async def _quiet(self) -> None:
        await self._link.quiet()
        while self._deliveries:
            await asyncio.wait(self._deliveries)

    def _shut(self) -> None:
        self.closing.set()
        self._window.shut()
