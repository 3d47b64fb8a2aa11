"""The SMPP client alone: submits as fast as the answers come, and keeps nothing.

`python -m bench.floors.sms` reads PORT, WINDOW and COUNT.
"""

import asyncio
import os

import uvloop

from services.notify.smpp.bodies import Bind, Message
from services.notify.smpp.client import Account, Client
from services.notify.smpp.outcomes import SubmitAccepted
from services.notify.smpp.session import SessionTerms

TEXT = (
    b"Ngay 11/10/2025, to cong nghe so cong dong phuong da den giup ong/ba. "
    b"Neu khong dung, xin bao cho to dan pho."
)
PATIENCE_S = 20


class NotAccepted(Exception):
    """The figure would mean nothing."""


async def main(port: int, window: int, count: int) -> None:
    """Raises: NotAccepted."""
    client = Client(
        Account("127.0.0.1", port, Bind(system_id="bench"), terms=SessionTerms(window=window)),
        _forget,
    )
    left = iter(range(count))

    async def submit() -> None:
        for n in left:
            outcome = await client.submit(_sms(n), PATIENCE_S)
            if not isinstance(outcome, SubmitAccepted):
                raise NotAccepted(outcome)

    async with asyncio.TaskGroup() as group:
        for _ in range(window):
            group.create_task(submit())
    await client.close()


def _sms(n: int) -> Message:
    return Message(
        source_addr_ton=5,
        source_addr="UBND",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr=f"849{n % 100_000_000:08d}",
        registered_delivery=1,
        short_message=TEXT,
    )


async def _forget(message: Message) -> None:
    """A receipt that nobody waits for."""


if __name__ == "__main__":
    told = os.environ
    uvloop.install()
    asyncio.run(main(int(told["PORT"]), int(told["WINDOW"]), int(told["COUNT"])))
