"""A provider in memory: it remembers what reached it, and answers as it is told."""

from collections.abc import Callable

from services.events.notifications import SmsChannel
from services.notify.providers.provider import HELD_BACK, Accepted, Outcome, Sms

Answer = Callable[[Sms], Outcome]


def accepts(sms: Sms) -> Outcome:
    """Under an id made of ours."""
    return Accepted(f"m-{sms.request_id}")


async def nothing() -> None:
    """At once."""


class ProviderTwin:
    """`reached` holds every SMS that got through, also where the answer was lost."""

    name = "twin"
    channel: SmsChannel = "sms"
    recognises_repeats = False

    def __init__(self, answer: Answer = accepts, *, gives_receipts: bool = True) -> None:
        self.answer = answer
        self.gives_receipts = gives_receipts
        self.reached: list[Sms] = []
        self.before_the_byte = nothing
        """What happens, or is waited for, after an SMS was handed over and before it leaves."""

    async def send(self, sms: Sms) -> Outcome:
        await self.before_the_byte()
        if not await sms.may_leave():
            return HELD_BACK
        self.reached.append(sms)
        return self.answer(sms)

    async def close(self) -> None:
        """Nothing is open."""
