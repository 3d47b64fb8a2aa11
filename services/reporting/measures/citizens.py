"""The citizen as one who has a life in the figures: consents and signatures, over mergers."""

from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.signatures import (
    SignatureActivated,
    SignatureIssued,
    SignatureRegistered,
    SignatureRevoked,
    SignatureSuspended,
)
from services.reporting.definitions.measure import Fact, Life


def _citizens(fact: Fact) -> tuple[str, ...]:
    if isinstance(fact.event, CitizenMerged):
        return fact.event.data.citizen_id, fact.event.data.merged_id
    return (fact.event.data.citizen_id,)  # type: ignore[attr-defined]  # all others of the life


CITIZEN = Life(
    "citizen",
    (
        ConsentGiven,
        ConsentWithdrawn,
        CitizenErased,
        CitizenMerged,
        SignatureRegistered,
        SignatureIssued,
        SignatureActivated,
        SignatureSuspended,
        SignatureRevoked,
    ),
    _citizens,
)
"""Merged records are one person from the day the merger is known until it is taken back."""
