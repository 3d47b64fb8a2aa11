"""Consents that stand."""

from collections.abc import Sequence

from services.events.citizens import CitizenErased, ConsentGiven, ConsentWithdrawn
from services.reporting.measure import Fact
from services.reporting.measures.stock import Standing, of_subject, stock


def _given(history: Sequence[Fact]) -> Standing:
    purposes: dict[str, str] = {}
    for event in (fact.event for fact in history):
        if isinstance(event, ConsentGiven):
            purposes |= dict.fromkeys(event.data.purposes, event.data.method)
        elif isinstance(event, ConsentWithdrawn):
            purposes = {p: m for p, m in purposes.items() if p not in event.data.purposes}
        else:
            purposes = {}
    return Standing(purposes.items())


CONSENTS = stock(
    "consents",
    ("purpose", "method"),
    (ConsentGiven, ConsentWithdrawn, CitizenErased),
    of_subject,
    _given,
)

MEASURES = (CONSENTS,)
