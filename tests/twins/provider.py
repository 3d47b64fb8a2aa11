"""A provider in memory: it remembers what reached it, and answers as it is told."""

from collections.abc import Callable

from services.events.notifications import SmsChannel
from services.notify.providers.provider import Accepted, Outcome, Sms

Answer = Callable[[Sms], Outcome]


def accepts(sms: Sms) -> Outcome:
    """Under an id made of ours."""
    return Accepted(f"m-{sms.request_id}")


class ProviderTwin:
    """`reached` holds every SMS that got through, also where the answer was lost."""

    name = "twin"
    channel: SmsChannel = "sms"
    recognises_repeats = False

    def __init__(self, answer: Answer = accepts, *, gives_receipts: bool = True) -> None:
        self.answer = answer
        self.gives_receipts = gives_receipts
        self.reached: list[Sms] = []

    async def send(self, sms: Sms) -> Outcome:
        self.reached.append(sms)
        return self.answer(sms)

    async def close(self) -> None:
        """Nothing is open."""
