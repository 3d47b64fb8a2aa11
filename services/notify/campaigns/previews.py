"""What a text comes to before anything is sent: segments and prices, by provider: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.notify.routing.routes import RouteTerms
from services.notify.text.segments import Encoding, beyond_gsm7, billed, segment
from services.notify.text.templates import Style, advert, fitted


@dataclass(frozen=True, slots=True)
class Offer:
    """A provider of the plan, and what holds for it."""

    provider: str
    terms: RouteTerms
    adverts: bool = True
    """Whether it carries them."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One text as one provider would carry it; the lowest `priority` does, by `share`."""

    provider: str
    priority: int
    share: int
    accents: bool
    text: str
    encoding: Encoding
    segments: int
    beyond_gsm7: tuple[str, ...]
    """Letters for which a text without accents leaves as UCS-2 all the same."""
    price_vnd: int
    """Of one SMS."""


def carried(text: str, offers: Sequence[Offer], *, advertises: bool) -> tuple[Carried, ...]:
    """By each provider that does, in the order of the plan."""
    willing = (offer for offer in offers if offer.adverts or not advertises)
    return tuple(_by(offer, text, advertises=advertises) for offer in willing)


def first_choice(ways: Sequence[Carried]) -> list[Carried]:
    """Who carries it while nobody is down."""
    best = min((one.priority for one in ways), default=0)
    return [one for one in ways if one.priority == best]


def heaviest(ways: Sequence[Carried]) -> int:
    """Segments of the longest that the text becomes; a failover may bring it about."""
    return max((one.segments for one in ways), default=0)


def expected_vnd(count: int, ways: Sequence[Carried]) -> int:
    """What so many SMS cost, by the shares of those that carry them."""
    chosen = first_choice(ways)
    total = sum(one.share for one in chosen) or 1
    return -(-count * sum(one.share * one.price_vnd for one in chosen) // total)


def _by(offer: Offer, text: str, *, advertises: bool) -> Carried:
    terms, body = offer.terms, as_sent(text, offer.terms.style, advertises=advertises)
    segments = billed(body, advertises=advertises)
    return Carried(
        provider=offer.provider,
        priority=terms.priority,
        share=terms.share,
        accents=terms.style.accents,
        text=body,
        encoding=segment(body).encoding,
        segments=segments,
        beyond_gsm7=() if terms.style.accents else beyond_gsm7(body),
        price_vnd=segments * terms.price_vnd,
    )


def as_sent(text: str, style: Style, *, advertises: bool) -> str:
    """With mark and way to refuse where it advertises."""
    return fitted(advert(text, style) if advertises else text, style)
