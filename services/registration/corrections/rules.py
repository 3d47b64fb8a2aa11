"""Who may take an event back; whose event it was is judged when its target is known."""

from services.events.corrections import EventVoided
from services.registration.subjects.actor import INTEGRATORS, KIOSKS, STAFF, VOLUNTEERS
from services.registration.subjects.subject import Accepts, Observed

CORRECTION = Observed(
    accepts={
        EventVoided: Accepts(by=VOLUNTEERS | KIOSKS | INTEGRATORS | STAFF),
    }
)
