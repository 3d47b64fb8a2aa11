"""Who may take an event back; whose event it was is judged when its target is known."""

from services.events.corrections import EventVoided
from services.registration.subjects.subject import (
    INTEGRATORS,
    KIOSKS,
    STAFF,
    VOLUNTEERS,
    Accepts,
    Subject,
)

CORRECTION = Subject[None](
    accepts={
        EventVoided: Accepts(by=VOLUNTEERS | KIOSKS | INTEGRATORS | STAFF),
    }
)
