"""What an event in a signature's life must say."""

from services.events.envelope import Event
from services.events.signatures import (
    Signature,
    SignatureActivated,
    SignatureIssued,
    SignatureRegistered,
    SignatureRevoked,
    SignatureSuspended,
)
from services.registration.subjects.actor import COORDINATORS, INTEGRATORS, VOLUNTEERS
from services.registration.subjects.belonging import must_run_forward
from services.registration.subjects.subject import Accepts, Observed


def must_agree_with_itself(_: None, event: Event) -> None:
    """The form alone: in which order a signature's states arrive decides nothing."""
    if isinstance(event.data, Signature):
        must_run_forward(event.data.valid_from, event.data.valid_to, "/data/valid_to")


_BY_WHO_SAW_IT = Accepts[None](
    by=VOLUNTEERS | COORDINATORS | INTEGRATORS, check=must_agree_with_itself
)
SIGNATURE = Observed(
    accepts={
        SignatureRegistered: _BY_WHO_SAW_IT,
        SignatureIssued: _BY_WHO_SAW_IT,
        SignatureActivated: _BY_WHO_SAW_IT,
        SignatureSuspended: _BY_WHO_SAW_IT,
        SignatureRevoked: _BY_WHO_SAW_IT,
    }
)
