"""The sink of providers' callbacks: receipts share a write, and each reply has one of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from services.notify import metrics
from services.notify.callbacks.conversation import SealedReply, record_reply
from services.notify.callbacks.receipts import ProviderReceipt, record_receipts
from services.notify.contacts.number_keys import number_key, words_key
from services.notify.ledger.ledger import Ledger
from services.notify.ledger.records import Receipt
from services.notify.ledger.sealing import seal
from services.notify.providers.provider import Incoming
from services.platform.clock import Clock
from services.platform.group_commit import GroupCommit
from services.platform.ids import random_id


@dataclass
class LedgerCallbacks:
    """Durable when a method returns. Raises: Unavailable; then it is to be told again."""

    ledger: Ledger
    keys: tuple[bytes, ...]
    """The newest first: it seals what a person is to read."""
    clock: Clock
    prefix: str = ""
    """Before each answer, where several share our short number."""

    def __post_init__(self) -> None:
        self._receipts = GroupCommit[ProviderReceipt, None](self._take, repeatable=True)

    async def receipt(
        self, provider: str, message_id: str, request_id: str | None, receipt: Receipt
    ) -> None:
        """Moves its SMS forward, now or once its id is known."""
        await self._receipts.add(ProviderReceipt(provider, message_id, request_id, receipt))
        metrics.RECEIPTS.labels(provider, str(receipt.state)).inc()

    async def reply(self, incoming: Incoming) -> None:
        """Becomes an event, and what it says holds at once."""
        now = self.clock()
        await self.ledger.transact(partial(record_reply, heard=self._heard(incoming), now=now))
        metrics.REPLIES.labels(incoming.provider).inc()

    def _heard(self, incoming: Incoming) -> SealedReply:
        number = number_key(incoming.phone, self.keys)
        id_ = f"{incoming.provider}/{incoming.id or random_id('sms')}"
        return SealedReply(
            id=id_,
            provider=incoming.provider,
            number_key=number,
            text=incoming.text,
            sealed=seal(incoming.text, id_, self.keys[0]),
            sender=seal(incoming.phone, id_, self.keys[0]),
            prefix=self.prefix,
            words_key=words_key(number, incoming.text, self.keys),
            is_named=incoming.id is not None,
        )

    async def close(self) -> None:
        """Waits for what was told before."""
        await self._receipts.close()

    async def _take(self, receipts: Sequence[ProviderReceipt]) -> Sequence[Exception | None]:
        await self.ledger.transact(partial(record_receipts, receipts=receipts))
        return [None] * len(receipts)
