"""Callbacks of providers in memory."""

from services.notify.ledger.records import Receipt
from services.notify.providers.provider import Incoming
from services.platform.unavailable import Unavailable


class CallbacksTwin:
    """Keeps what it is told; while `away` it cannot, and says so."""

    def __init__(self) -> None:
        self.away = False
        self.receipts: list[tuple[str, str, str | None, Receipt]] = []
        self.replies: list[Incoming] = []

    async def receipt(
        self, provider: str, message_id: str, request_id: str | None, receipt: Receipt
    ) -> None:
        self._answer()
        self.receipts.append((provider, message_id, request_id, receipt))

    async def reply(self, incoming: Incoming) -> None:
        self._answer()
        self.replies.append(incoming)

    def _answer(self) -> None:
        if self.away:
            raise Unavailable
