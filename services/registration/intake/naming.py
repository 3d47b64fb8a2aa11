"""What an event is about, named by registration where posters would have to agree."""

from collections.abc import Callable

from services.events.appointments import Appointment
from services.events.assistance import Assistance
from services.events.citizens import Consent, Erasure, Merger
from services.events.disputes import Resolution
from services.events.envelope import Event
from services.events.households import Visit
from services.events.signatures import Signature

SignatureSubject = Callable[[str, str], str]


def subject_of(event: Event, signature_subject: SignatureSubject) -> str:
    """Household, else citizen, else the event itself; most decided events name their own."""
    match event.data:
        case (
            Visit(household_id=named)
            | Consent(citizen_id=named)
            | Erasure(citizen_id=named)
            | Merger(merged_id=named)
            | Resolution(event_id=named)
        ):
            return named
        case Assistance(household_id=household, citizen_id=citizen):
            return household or citizen or event.id
        case Signature(citizen_id=citizen, ca=ca):
            return signature_subject(citizen, ca)
        case Appointment() as appointment:
            return appointment.slot_id
        case _:
            return event.subject
