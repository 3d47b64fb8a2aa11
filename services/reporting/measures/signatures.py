"""Digital signatures: the state of each, who holds a valid one, and what was issued free."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias, cast

from services.events.codes import CertificateAuthority, Code
from services.events.envelope import Event
from services.events.signatures import (
    SignatureActivated,
    SignatureIssued,
    SignatureRegistered,
    SignatureRevoked,
    SignatureSuspended,
)
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Fact, Life, Measure, Point
from services.reporting.measures.citizens import CITIZEN
from services.reporting.measures.stock import Standing, of_subject, stock


class SignatureState(Code):
    """Where a signature stands."""

    REGISTERED = "registered", "Đã đăng ký", "Registered"
    ISSUED = "issued", "Đã cấp, chưa kích hoạt", "Issued, not activated"
    ACTIVATED = "activated", "Đã kích hoạt", "Activated"
    SUSPENDED = "suspended", "Tạm dừng", "Suspended"
    REVOKED = "revoked", "Đã thu hồi", "Revoked"


class Holder(Code):
    """Who holds a valid signature."""

    ADULT = "adult", "Từ đủ 18 tuổi", "Aged 18 and over"
    MINOR = "minor", "Dưới 18 tuổi", "Under 18"


class Price(Code):
    """What a signature cost its holder."""

    FREE = "free", "Miễn phí", "Free"
    PAID = "paid", "Có phí", "Paid"


CA = Label("ca", CertificateAuthority)
SIGNATURE_STATE = Label("signature_state", SignatureState)
SIGNATURE_HOLDER = Label("signature_holder", Holder)
SIGNATURE_PRICE = Label("signature_price", Price)

Step: TypeAlias = (
    SignatureRegistered
    | SignatureIssued
    | SignatureActivated
    | SignatureSuspended
    | SignatureRevoked
)
STEPS: tuple[type[Event], ...] = (
    SignatureRegistered,
    SignatureIssued,
    SignatureActivated,
    SignatureSuspended,
    SignatureRevoked,
)
VALID = frozenset({SignatureState.ISSUED, SignatureState.ACTIVATED})
"""Not suspended and not revoked (Decree 23/2025); expiry needs a clock and is not judged here."""


def state_of(history: Sequence[Fact]) -> str:
    """Where one signature stands: `registered`, `issued`, `activated`, `suspended` or `revoked`.

    Teams and CAs report in any order: a later registration or issue takes nothing back, except
    that a new issue follows a revocation.
    """
    state = ""
    for fact in history:
        step = _step(fact)
        if (
            not state
            or step not in ("registered", "issued")
            or (step == "issued" and state in ("registered", "revoked"))
        ):
            state = step
    return state


def _step(fact: Fact) -> str:
    return fact.event.type.split(".")[1]


def _signature(fact: Fact) -> Step:
    return cast(Step, fact.event)


def _standing(history: Sequence[Fact]) -> Standing:
    return Standing({(_signature(history[-1]).data.ca, state_of(history)): 1})


def _holder(history: Sequence[Fact]) -> Standing:
    """One person's signatures of all CAs: held once while any is valid."""
    subjects = {fact.event.subject for fact in history}
    states = {state_of([f for f in history if f.event.subject == s]) for s in subjects}
    return Standing({(_age(history),): 1}) if states & VALID else Standing()


def _age(history: Sequence[Fact]) -> str:
    said = [adult for f in history if (adult := _signature(f).data.adult) is not None]
    return (Holder.ADULT if said[-1] else Holder.MINOR) if said else ""


def _first_issue(history: Sequence[Fact]) -> Iterator[Point]:
    data = _signature(history[0]).data
    yield Point(history[0].day, (data.ca, Price.FREE if data.free else Price.PAID))


SIGNATURE = Life("signature", STEPS, of_subject)
SIGNATURES = stock("signatures", (CA, SIGNATURE_STATE), STEPS, SIGNATURE, _standing)
SIGNATURE_HOLDERS = stock("signature_holders", (SIGNATURE_HOLDER,), STEPS, CITIZEN, _holder)
SIGNATURES_ISSUED = Measure(
    "signatures_issued", (CA, SIGNATURE_PRICE), (SignatureIssued,), SIGNATURE, _first_issue
)
"""Each signature on the day of its first issue, however often it was told."""
