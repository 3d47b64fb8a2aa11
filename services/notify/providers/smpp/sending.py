"""A provider reached by SMPP 3.4: an operator's SMSC, or an aggregator's."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import structlog

from services.events.notifications import SmsChannel
from services.notify.ledger.receipts import unknown_word
from services.notify.providers.brand import NO_BRAND, is_brand
from services.notify.providers.provider import (
    Accepted,
    Incoming,
    MayLeave,
    Outcome,
    ProviderCallbacks,
    Sms,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.providers.smpp.reading import (
    ReceiptIds,
    answered_id,
    classify,
    read_receipt,
    receipted_id,
    validity_period,
)
from services.notify.providers.smpp.references import References
from services.notify.smpp.bodies import Bind, Message
from services.notify.smpp.client import Account, Client
from services.notify.smpp.fields import Malformed
from services.notify.smpp.receipts import receipt_of
from services.notify.smpp.session import SessionTerms
from services.notify.smpp.texts import TooLong, messages, text_of
from services.platform.clock import Clock
from services.platform.vietnam.phone_numbers import mobile

log = structlog.get_logger(__name__)

_ALPHANUMERIC, _INTERNATIONAL, _UNKNOWN_TON = 5, 1, 0
_ISDN, _UNKNOWN_NPI = 1, 0
_REST_AGAIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Access:
    """What an operator and we agreed on."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    sender: str
    """A registered brand name, or a short number."""
    system_type: str = ""
    tls: bool = False
    in_pairs: bool = False
    terms: SessionTerms = field(default_factory=SessionTerms)
    patience_s: float = 15.0
    """For a session and a place in its window."""
    receipt_ids: ReceiptIds = ReceiptIds.AS_ANSWERED

    @property
    def hosts(self) -> tuple[str, ...]:
        return (self.host,)

    @property
    def carries_adverts(self) -> bool:
        return is_brand(self.sender)

    @property
    def longest_answer_s(self) -> float:
        """Each part is written within the patience, and answered or given up after that."""
        return self.patience_s + self.terms.response_s

    def account(self) -> Account:
        """As the client takes it."""
        who = Bind(system_id=self.system_id, password=self.password, system_type=self.system_type)
        return Account(
            self.host,
            self.port,
            who,
            tls=ssl.create_default_context() if self.tls else None,
            in_pairs=self.in_pairs,
            terms=self.terms,
        )


class Smpp:
    """A long SMS goes part by part; a receipt is asked for each, for all of them must arrive."""

    name = "smpp"
    channel: SmsChannel = "sms"
    gives_receipts = True
    recognises_repeats = False

    def __init__(self, access: Access, callbacks: ProviderCallbacks, clock: Clock) -> None:
        self._access, self._callbacks, self._clock = access, callbacks, clock
        self._client: Client | None = None
        self._references = References()

    def begin(self) -> None:
        """Dials, and stays bound so that receipts arrive while nothing is sent."""
        self._client = self._client or Client(self._access.account(), self._keep)

    @property
    def is_connected(self) -> bool:
        """Whether it is bound."""
        return self._client is not None and self._client.is_bound

    async def send(self, sms: Sms) -> Outcome:
        if sms.advertises and not is_brand(self._access.sender):
            return NO_BRAND
        try:
            outcome = await self._all(self._parts(sms), sms.may_leave)
        except (TooLong, Malformed):  # shows at the first part, before anything leaves
            return SurelyNotAccepted("provider_cannot_carry", retryable=False)
        if isinstance(outcome, Accepted):
            return replace(outcome, message_id=outcome.message_id or sms.request_id)
        return outcome

    async def close(self) -> None:
        if self._client:
            await self._client.close()

    async def _all(self, parts: Sequence[Message], may_leave: MayLeave) -> Outcome:
        """Once the first has left, the SMS cannot be sent again as a whole.

        So nothing is asked before the further ones: half an SMS helps nobody.
        """
        outcome = await self._submit(parts[0], self._until(), may_leave)
        ids = list[str]()
        for part in parts[1:]:
            if not isinstance(outcome, Accepted):
                return outcome
            ids.append(outcome.message_id)
            outcome = await self._rest(part)
        if not (ids and isinstance(outcome, Accepted)):
            return outcome
        ids.append(outcome.message_id)
        return replace(outcome, parts=tuple(ids) if all(ids) else ())

    def _parts(self, sms: Sms) -> list[Message]:
        """Raises: TooLong."""
        envelope = self._envelope(sms)
        parts = messages(sms.text, envelope, 0)
        if len(parts) == 1:
            return parts
        return messages(sms.text, envelope, self._references.next(sms.phone))

    def _until(self) -> float:
        """Each part has a patience of its own."""
        return asyncio.get_running_loop().time() + self._access.patience_s

    async def _rest(self, part: Message) -> Outcome:
        """A further part is tried until the patience ends; what is missing then is not known."""
        clock, until = asyncio.get_running_loop().time, self._until()
        outcome = await self._submit(part, until)
        while _may_succeed(outcome) and clock() + _REST_AGAIN_S < until:
            await asyncio.sleep(_REST_AGAIN_S)
            outcome = await self._submit(part, until)
        return Unknown("part_missing") if isinstance(outcome, SurelyNotAccepted) else outcome

    async def _submit(
        self, part: Message, until: float, may_leave: MayLeave | None = None
    ) -> Outcome:
        if self._client is None:
            return SurelyNotAccepted("provider_unreachable", retryable=True)
        patience_s = max(0.0, until - asyncio.get_running_loop().time())
        outcome = classify(await self._client.submit(part, patience_s, may_leave))
        if isinstance(outcome, Accepted):
            return Accepted(answered_id(outcome.message_id, self._access.receipt_ids))
        return outcome

    def _envelope(self, sms: Sms) -> Message:
        short_number = self._access.sender.isdecimal()
        return Message(
            source_addr_ton=_UNKNOWN_TON if short_number else _ALPHANUMERIC,
            source_addr_npi=_ISDN if short_number else _UNKNOWN_NPI,
            source_addr=self._access.sender,
            dest_addr_ton=_INTERNATIONAL,
            dest_addr_npi=_ISDN,
            destination_addr=sms.phone.removeprefix("+"),
            validity_period=validity_period(sms.useful_s),
            registered_delivery=1,
        )

    async def _keep(self, message: Message) -> None:
        """Durable when it returns. Raises: Unavailable; the SMSC sends it again then."""
        receipt = receipt_of(message)
        if receipt is None:
            return await self._hear(message)
        said = read_receipt(receipt.state, self._clock())
        if receipt.unread:
            said = unknown_word(receipt.unread, self._clock())
        if receipt.message_id is None or said is None:
            log.info("a receipt that says nothing of an SMS")
            return None
        id_ = receipted_id(receipt.message_id, self._access.receipt_ids)
        return await self._callbacks.receipt(self.name, id_, None, said)

    async def _hear(self, message: Message) -> None:
        """Each part of a long SMS by itself: a person reads it, and no answer is that long.

        SMPP has no id for what a citizen writes.
        """
        phone = mobile(message.source_addr)
        if phone is None:
            log.info("an SMS from what is no citizen's number")
            return
        await self._callbacks.reply(Incoming(self.name, None, phone, text_of(message)))


def _may_succeed(outcome: Outcome) -> bool:
    return isinstance(outcome, SurelyNotAccepted) and outcome.retryable
