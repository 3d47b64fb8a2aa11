"""What notify is told when it starts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import Field, field_validator, model_validator

from services.notify.ledger.parts import Part, read_part
from services.notify.notification.policy import Rules
from services.notify.providers.catalogue import PROVIDERS, ProviderSettings
from services.notify.providers.kind import ProviderAccess, ProviderKind
from services.notify.providers.plan import Planned
from services.notify.routing.routes import LONGEST_BUSY_S, RouteTerms
from services.notify.sending.drafts import Installation
from services.notify.sending.outcomes import RetryPolicy
from services.notify.sending.settings import SendingSettings
from services.notify.text.templates import Style
from services.platform.settings import Key, Keys, settings_from

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


Rate = Annotated[float, Field(gt=0)]
Price = Annotated[int, Field(ge=0, le=100_000)]
Named = TypeVar("Named", dict[str, float], dict[str, int], frozenset[str])
Phone = Annotated[str, Field(pattern=r"^[0-9 ]{3,15}$")]


class NotifySettings(ProviderSettings):
    """Variables begin with NOTIFY_."""

    model_config = settings_from("NOTIFY_")

    kinds: ClassVar[Mapping[str, ProviderKind[Any, Any]]] = PROVIDERS
    """Those that its plan can name."""

    mongo_database: str = "notify"
    port: int = 8103
    token_public_key: str
    anonymous_reading: bool = False
    allowed_origin: str = ""
    """Of the page that may read the console and the notifications; empty: none."""
    notify_wrap_key: Key = Field(repr=False)
    former_notify_wrap_keys: Keys = Field((), repr=False)
    demo: bool = False
    """The clock follows the events; for a database with sample figures only."""

    segments_per_s: dict[str, Rate] = Field(default_factory=dict)
    """As agreed with each; a provider that is not named has no limit."""
    segment_vnd: dict[str, Price] = Field(default_factory=dict)
    """Prices, for the preview and where a provider's answers tell none."""
    accented: frozenset[str] = frozenset()
    """Those whose texts have Vietnamese marks: two segments where one would do."""
    reply_number: str = Field(default="", pattern=r"^[0-9]{0,15}$")
    """Free of charge for citizens. Empty: nothing is asked."""
    reply_prefix: str = Field(default="", pattern=r"^[A-Za-z]{0,8}$")
    """The word that citizens begin with, where several share the number."""
    ward_phones: dict[str, Phone] = Field(default_factory=dict)
    """By code of the ward."""

    delay_s: float = Field(default=1_800, ge=0)
    """After the last event of a visit."""
    poll_s: float = Field(default=0.5, gt=0)
    part: str = "1/1"
    """`2/3` is the second of three processes, each with its own part of the SMS and of the pace."""
    at_once: int = Field(default=100, ge=1, le=2_000)
    """More is faster; all of it may be left unknown by a process that dies."""
    lease_s: float = Field(default=60, ge=1)
    receipt_wait_s: float = Field(default=72 * 3_600, gt=0)
    sms_a_day: int = Field(default=3, ge=1)
    confirmed_at_once_s: float = Field(default=600, ge=0)
    """A refusal by SMS that is younger is confirmed at any hour; an older one from 07:00."""
    ward_segments_a_day: int | None = Field(default=3_000, ge=0)
    """A ward's budget: what its teams reach on a campaign's busiest day."""
    new_numbers_a_day: int | None = Field(default=100, ge=1)
    """Of one phone or kiosk: so many numbers that no SMS went to before; the rest waits a day."""
    approved_templates: frozenset[str] = frozenset()
    """JSON list of names with their versions; others wait. Empty: all may leave."""
    segments_a_sms: int = Field(default=3, ge=1, le=10)
    """A longer text is not sent."""
    do_not_advertise_shrinks: float = Field(default=0.1, ge=0, le=1)
    """A list of those who want no adverts that loses a larger share is taken only when told so."""
    prefetch: int = Field(default=20, ge=1, le=100)

    @field_validator("segments_per_s", "segment_vnd", "accented")
    @classmethod
    def _is_of_providers(cls, value: Named) -> Named:
        if unknown := set(value) - cls.kinds.keys():
            raise ValueError(f"no provider has the name {', '.join(sorted(unknown))}")
        return value

    @model_validator(mode="after")
    def _providers_are_told_apart(self) -> Self:
        hosts = {host for name in self.named for host in self._access(name).hosts}
        if self.demo and not hosts <= _LOOPBACK:
            raise ValueError("a demo sends nothing to a provider outside of this machine")
        if self.lease_s <= self.longest_answer_s:
            raise ValueError("NOTIFY_LEASE_S must be longer than a provider may take to answer")
        return self

    @property
    def own_part(self) -> Part:
        """Of the SMS, to this process. Raises: ValueError."""
        return read_part(self.part)

    @property
    def in_use(self) -> tuple[ProviderKind[Any, Any], ...]:
        """The providers of the plan. Raises: ValueError."""
        return tuple(self.kind_of(name) for name in self.named)

    def kind_of(self, name: str) -> ProviderKind[Any, Any]:
        """Raises: ValueError for one that nobody here knows."""
        if name not in self.kinds:
            raise ValueError(f"a provider is one of {', '.join(self.kinds)}; {name!r} is not")
        return self.kinds[name]

    def carries_adverts(self, name: str) -> bool:
        """By what it and we agreed on."""
        return self._access(name).carries_adverts

    def _access(self, name: str) -> ProviderAccess:
        """Raises: ValueError when something that the provider needs is missing."""
        access: ProviderAccess = self.kind_of(name).access(self)
        return access

    @property
    def longest_answer_s(self) -> float:
        """Of a provider, to one SMS that waited for its turn."""
        return max(self._answer_s(name) for name in self.named)

    def _answer_s(self, name: str, *, turn: bool = True) -> float:
        """The last of those under way waits for all the others' segments."""
        rate = self._segments_per_s(name)
        turn_s = self.at_once * self.segments_a_sms / rate if rate and turn else 0
        return turn_s + self._access(name).longest_answer_s

    def _segments_per_s(self, name: str) -> float | None:
        """This process's part of what was agreed."""
        parts, agreed = self.own_part.of, self.segments_per_s.get(name)
        return agreed and agreed / parts

    def route_terms(self, planned: Planned) -> RouteTerms:
        """What holds for one provider."""
        name = planned.name
        return RouteTerms(
            priority=planned.priority,
            share=planned.share,
            segments_per_s=self._segments_per_s(name),
            price_vnd=self.segment_vnd.get(name, 0),
            busy_patience_s=min(self.lease_s - self._answer_s(name), LONGEST_BUSY_S),
            turn_s=self.lease_s - self._answer_s(name, turn=False),
            style=self.style(accents=name in self.accented),
        )

    def style(self, *, accents: bool) -> Style:
        """How texts are written, with Vietnamese marks or without."""
        return Style(accents, self.reply_number, self.ward_phones, self.reply_prefix)

    @property
    def installation(self) -> Installation:
        """How this installation sends."""
        rules = Rules(
            a_day=self.sms_a_day,
            ward_segments_a_day=self.ward_segments_a_day,
            new_numbers_a_day=self.new_numbers_a_day,
            segments=self.segments_a_sms,
            confirmed_at_once=timedelta(seconds=self.confirmed_at_once_s),
        )
        keys = (self.notify_wrap_key, *self.former_notify_wrap_keys)
        return Installation(rules, keys, self.approved_templates)

    @property
    def sending(self) -> SendingSettings:
        """How its dispatch works."""
        return SendingSettings(
            delay=timedelta(seconds=self.delay_s),
            at_once=self.at_once,
            lease=timedelta(seconds=self.lease_s),
            poll_s=self.poll_s,
            retry_policy=RetryPolicy(receipt_wait=timedelta(seconds=self.receipt_wait_s)),
            part=self.own_part,
        )
