"""Who may take an event back; whose event it was is judged when its target is known."""

from services.events.corrections import EventRefused, EventVoided
from services.registration.intake.subject import (
    INTEGRATORS,
    KIOSKS,
    STAFF,
    SYSTEM,
    VOLUNTEERS,
    Accepts,
    Refusal,
    Subject,
)
from services.registration.intake.voids import VOID_OF_VOID, must_be_voidable


def must_be_of_use(_: None, void: EventVoided) -> None:
    """Raises: Refusal where no target could make it right."""
    must_be_voidable(void.data.target_type, "/data/target_type")
    if void.replaces:
        raise Refusal(VOID_OF_VOID, "/replaces")


CORRECTION = Subject[None](
    accepts={
        EventVoided: Accepts(by=VOLUNTEERS | KIOSKS | INTEGRATORS | STAFF, check=must_be_of_use),
        EventRefused: Accepts(by=SYSTEM),
    }
)
