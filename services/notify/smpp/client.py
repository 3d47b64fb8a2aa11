"""The client: an account at an SMSC, kept bound until it is closed."""

import asyncio
from dataclasses import dataclass, field
from ssl import SSLContext

from services.notify.smpp.bodies import Bind, Message
from services.notify.smpp.codes import Command
from services.notify.smpp.keeper import Backoff, Keeper
from services.notify.smpp.outcomes import NotSent, Outcome
from services.notify.smpp.session import Keep, MayLeave, Session, SessionTerms


@dataclass(frozen=True, slots=True)
class Account:
    """Where the SMSC is and who we are there."""

    host: str
    port: int
    who: Bind
    tls: SSLContext | None = field(default=None, repr=False)
    in_pairs: bool = False
    """A transmitter and a receiver, for an SMSC that knows no transceiver."""
    terms: SessionTerms = field(default_factory=SessionTerms)
    connect_s: float = 10.0
    backoff: Backoff = field(default_factory=Backoff)


class Client:
    """Begins to dial when it is made, inside a running loop."""

    def __init__(self, account: Account, keep: Keep) -> None:
        self._account, self._keep = account, keep
        self._receiver: Keeper | None = None
        if account.in_pairs:
            self._sender = self._keeper(Command.BIND_TRANSMITTER)
            self._receiver = self._keeper(Command.BIND_RECEIVER)
        else:
            self._sender = self._keeper(Command.BIND_TRANSCEIVER)

    async def submit(
        self, message: Message, patience_s: float, may_leave: MayLeave | None = None
    ) -> Outcome:
        """Once. `patience_s` is for a session and a place in its window; the answer has its own.

        Raises: Malformed for a value that its field cannot hold; nothing was sent then.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + patience_s
        session = await self._sender.session(patience_s)
        if session is None:
            return NotSent()
        return await session.submit(message, max(0.0, until - clock()), may_leave)

    @property
    def is_bound(self) -> bool:
        """As the one who submits; a receiver of its own may be away."""
        return self._sender.is_bound

    async def close(self) -> None:
        """Unbinds, after what is in flight was heard out for a while."""
        await self._sender.close()
        if self._receiver:
            await self._receiver.close()

    def _keeper(self, command: Command) -> Keeper:
        async def dial() -> Session:
            return await bound(self._account, command, self._keep)

        return Keeper(dial, self._account.backoff)


async def bound(account: Account, command: Command, keep: Keep) -> Session:
    """A session that is bound. Raises: BindRefused; OSError when it cannot be reached."""
    async with asyncio.timeout(account.connect_s):
        streams = await asyncio.open_connection(account.host, account.port, ssl=account.tls)
    session = Session(*streams, account.terms, keep)
    await session.bind(command, account.who)
    return session
