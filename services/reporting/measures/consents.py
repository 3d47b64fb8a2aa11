"""People whose consent stands, by purpose."""

from collections.abc import Sequence

from services.events.citizens import CitizenErased, ConsentGiven, ConsentWithdrawn
from services.events.codes import ConsentMethod
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import PURPOSE
from services.reporting.definitions.measure import Fact
from services.reporting.measures.citizens import CITIZEN
from services.reporting.measures.stock import Standing, stock

CONSENT_METHOD = Label("consent_method", ConsentMethod)


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
    (PURPOSE.overlapping, CONSENT_METHOD),
    (ConsentGiven, ConsentWithdrawn, CitizenErased),
    CITIZEN,
    _given,
)
