"""Everything that registration takes in: the one value of each slice, named nowhere else."""

from services.events.registry import EVENT_CLASSES
from services.registration.activities.rules import ACTIVITY
from services.registration.appointments.rules import SLOT
from services.registration.assistance.rules import ASSISTANCE
from services.registration.citizens.rules import CITIZEN
from services.registration.corrections.rules import CORRECTION
from services.registration.disputes.rules import DISPUTE
from services.registration.households.rules import HOUSEHOLD
from services.registration.neighbourhoods.rules import NEIGHBOURHOOD
from services.registration.organisations.rules import ORGANISATION
from services.registration.requests.rules import REQUEST
from services.registration.service_points.rules import SERVICE_POINT
from services.registration.signatures.rules import SIGNATURE
from services.registration.subjects.registry import by_kind, by_type
from services.registration.subjects.subject import Subject
from services.registration.teams.rules import TEAM

SLICES: tuple[Subject, ...] = (
    ORGANISATION,
    NEIGHBOURHOOD,
    TEAM,
    SERVICE_POINT,
    ACTIVITY,
    HOUSEHOLD,
    ASSISTANCE,
    SIGNATURE,
    CITIZEN,
    CORRECTION,
    DISPUTE,
    SLOT,
    REQUEST,
)
SUBJECTS = by_type(SLICES, EVENT_CLASSES)
KINDS = by_kind(SLICES)
