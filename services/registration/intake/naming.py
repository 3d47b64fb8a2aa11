"""What an observed event is about: registration names it, so that posters need not agree."""

from collections.abc import Callable

from services.events.assistance import Assistance
from services.events.citizens import Consent, Erasure, Merger
from services.events.envelope import Event
from services.events.households import Visit
from services.events.signatures import Signature

SignatureSubject = Callable[[str, str], str]


def subject_of(event: Event, signature_subject: SignatureSubject) -> str:
    """Household, else citizen, else the event itself; decided events name their own subject."""
    match event.data:
        case Visit(household_id=household):
            return household
        case Assistance(household_id=household, citizen_id=citizen):
            return household or citizen or event.id
        case Signature(citizen_id=citizen, ca=ca):
            return signature_subject(citizen, ca)
        case Consent(citizen_id=citizen) | Erasure(citizen_id=citizen) | Merger(merged_id=citizen):
            return citizen
        case _:
            return event.subject
