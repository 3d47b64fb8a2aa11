"""A world that is small enough to be counted by hand: two wards, two days, a few of everything."""

from datetime import timedelta

from services.events.activities import ActivityHeld, ReachChannel
from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, ConsentGiven, ConsentWithdrawn
from services.events.corrections import EventRefused
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.events.households import HouseholdVisited
from services.events.neighbourhoods import NeighbourhoodDissolved, NeighbourhoodRegistered
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
    NotificationUnconfirmed,
)
from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.events.signatures import (
    SignatureActivated,
    SignatureIssued,
    SignatureRegistered,
    SignatureRevoked,
    SignatureSuspended,
)
from services.events.teams import (
    TeamDeployed,
    TeamDisbanded,
    TeamFormed,
    TeamMemberJoined,
    TeamMemberLeft,
)
from tests.builders import HOA_HUNG, OFFICE, SATURDAY, event, given, void
from tests.event_data import Json

NEXT_DAY = SATURDAY + timedelta(days=1)
BY_PHONE_2 = {"source": "/device/phone-2"}
THERE: Json = {"ward": HOA_HUNG}
LAUNCHED: Json = {"activity_id": "ngay-hoi-1"}
LATE_CLOCK = {"devicetime": (NEXT_DAY - timedelta(minutes=20)).isoformat()}
ADMITTED = {"admittedby": f"{OFFICE}?refusal=01990000-0000-8000-8000-000000000001"}
EVENTS = tuple(f"01990000-0000-7000-8000-ffffffffff1{n}" for n in range(4))


def small_world() -> list[Event]:
    """In Chợ Lớn unless another ward is named."""
    return [
        *_neighbourhoods(),
        *_teams(),
        *_visits(),
        *_doors(),
        *_signatures(),
        *_points_and_consents(),
        *_sms(),
        *_answers(),
        *_disputes(),
        *_refusals(),
        *_told_again(),
        *_activities(),
    ]


def _neighbourhoods() -> list[Event]:
    of = NeighbourhoodRegistered
    return [
        event(of, subject="khu-pho-1", households=10, adults=20, as_of="2025-09-30"),
        event(of, subject="khu-pho-2", households=5, adults=8, as_of="2025-06-30"),
        event(of, subject="khu-pho-3", households=4, adults=6, **THERE),
        event(of, subject="khu-pho-4", households=100, adults=200, **THERE),
        event(NeighbourhoodDissolved, subject="khu-pho-4", **THERE, at=NEXT_DAY),
    ]


def _teams() -> list[Event]:
    """Two of the first kind stand in one neighbourhood; a third was disbanded."""
    joined = TeamMemberJoined
    return [
        event(TeamFormed, subject="team-1", neighbourhood_id="khu-pho-1", **LAUNCHED),
        event(TeamFormed, subject="team-2", neighbourhood_id="khu-pho-1"),
        event(TeamFormed, subject="team-3", kind="dx_formation", **LAUNCHED, **THERE),
        event(
            TeamFormed,
            subject="team-4",
            kind="literacy_volunteers",
            neighbourhood_id="khu-pho-3",
            **LAUNCHED,
            **THERE,
        ),
        event(TeamFormed, subject="team-5", kind="city_volunteers", **LAUNCHED),
        event(TeamFormed, subject="team-6", neighbourhood_id="khu-pho-2"),
        event(TeamDeployed, subject="team-1"),
        event(TeamDeployed, subject="team-3", **THERE),
        event(TeamDeployed, subject="team-6"),
        event(joined, subject="team-1", member_id="tnv-1"),
        event(joined, subject="team-1", member_id="tnv-2", kind="police"),
        event(joined, subject="team-2", member_id="tnv-3"),
        event(joined, subject="team-3", member_id="tnv-4", **THERE),
        event(joined, subject="team-6", member_id="tnv-5"),
        event(TeamMemberLeft, subject="team-2", member_id="tnv-3", at=NEXT_DAY),
        event(TeamDisbanded, subject="team-6", at=NEXT_DAY),
    ]


def _visits() -> list[Event]:
    mistaken = event(CitizenAssisted, team_id="team-5", citizen_id="citizen-9")
    elderly: Json = {"citizen_id": "citizen-1", "age_band": "60_plus"}
    return [
        event(
            CitizenAssisted,
            **elderly,
            services=[given("etax", outcome="using"), given("vssid", before="had")],
            groups=["elderly", "household"],
            neighbourhood_id="khu-pho-1",
        ),
        event(
            CitizenAssisted,
            **elderly,
            at=NEXT_DAY,
            services=[given("etax", outcome="not_done", reason="no_device")],
            groups=["elderly"],
            neighbourhood_id="khu-pho-2",
            channel="service_point",
            device="other",
        ),
        event(
            CitizenAssisted,
            **THERE,
            citizen_id="citizen-2",
            services=[given("vneid_level2", outcome="understood")],
            team_id="team-3",
        ),
        event(
            CitizenAssisted,
            citizen_id=None,
            services=[given("etax", before="had")],
            groups=["trader"],
            age_band="18_59",
            neighbourhood_id="khu-pho-1",
            team_id="team-2",
            envelope=BY_PHONE_2,
        ),
        mistaken,
        void(mistaken),
    ]


def _doors() -> list[Event]:
    there: Json = {"team_id": "team-4", "envelope": BY_PHONE_2, **THERE}
    first: Json = {"household_id": "household-1", "neighbourhood_id": "khu-pho-1"}
    second: Json = {"household_id": "household-2", "neighbourhood_id": "khu-pho-2"}
    of = HouseholdVisited
    return [
        event(of, **first, outcome="met", smart_devices=2, phones_2g=3, converted=1),
        event(of, **first, outcome="absent", at=NEXT_DAY, envelope=LATE_CLOCK),
        event(of, **second, outcome="refused", smart_devices=0),
        event(of, **second, outcome="revisit", at=NEXT_DAY),
        event(of, **there, household_id="household-3", outcome="revisit", phones_2g=2),
        event(of, **there, household_id="household-4", outcome="met"),
    ]


def _signatures() -> list[Event]:
    """By citizen: activated and a second one asked for; bought; suspended; revoked; a minor's."""
    first: Json = {"citizen_id": "citizen-1", "subject": "signature-1", "adult": True}
    second: Json = {"citizen_id": "citizen-2", "subject": "signature-2", "adult": True, **THERE}
    third: Json = {"citizen_id": "citizen-3", "subject": "signature-3", "adult": True, **THERE}
    fourth: Json = {"citizen_id": "citizen-4", "subject": "signature-4", "adult": True}
    fifth: Json = {"citizen_id": "citizen-5", "subject": "signature-5", "adult": False}
    return [
        event(SignatureRegistered, **first),
        event(SignatureIssued, **first),
        event(SignatureActivated, **first, at=NEXT_DAY),
        event(SignatureRegistered, **{**first, "subject": "signature-6", "ca": "misa"}),
        event(SignatureIssued, **second, free=False),
        event(SignatureIssued, **third, ca="misa"),
        event(SignatureSuspended, **third, ca="misa", at=NEXT_DAY, team_id="team-3"),
        event(SignatureIssued, **fourth),
        event(SignatureRevoked, **fourth, at=NEXT_DAY),
        event(SignatureIssued, **fifth, ca="bkav"),
    ]


def _points_and_consents() -> list[Event]:
    return [
        event(ServicePointOpened, subject="point-1", kind="ward_office", main=True),
        event(ServicePointOpened, subject="point-2"),
        event(ServicePointOpened, subject="point-3", **THERE),
        event(ServicePointClosed, subject="point-3", at=NEXT_DAY, **THERE),
        event(ConsentGiven, citizen_id="citizen-1", purposes=["visit", "reminder"]),
        event(ConsentGiven, citizen_id="citizen-2", **THERE),
        event(ConsentWithdrawn, citizen_id="citizen-2", at=NEXT_DAY, **THERE),
        event(ConsentGiven, citizen_id="citizen-3"),
        event(CitizenErased, citizen_id="citizen-3", at=NEXT_DAY, envelope={"source": OFFICE}),
    ]


def _sms() -> list[Event]:
    """1 and 6 arrive, 2 is on its way, 3 and 5 do not arrive for all one knows, 4 never left."""
    costs: Json = {"segments": 1, "cost_vnd": 700}
    return [
        event(NotificationSent, subject="sms-1", segments=2, cost_vnd=1_400),
        event(NotificationDelivered, subject="sms-1", at=NEXT_DAY),
        event(NotificationSent, subject="sms-2", purpose="reminder", **costs),
        event(NotificationSent, subject="sms-3", **costs, **THERE),
        event(NotificationFailed, subject="sms-3", at=NEXT_DAY, **THERE),
        event(NotificationSuppressed, subject="sms-4"),
        event(NotificationSent, subject="sms-5", segments=3, cost_vnd=2_100, **THERE),
        event(NotificationUnconfirmed, subject="sms-5", at=NEXT_DAY, **THERE),
        event(NotificationSent, subject="sms-6", **costs, **THERE),
        event(NotificationDelivered, subject="sms-6", at=NEXT_DAY, **THERE),
    ]


def _answers() -> list[Event]:
    there: Json = {"notification_id": "sms-6", **THERE}
    return [
        event(AssistanceConfirmed, notification_id="sms-1", at=NEXT_DAY),
        event(AssistanceFollowedUp, notification_id="sms-1", still_using=True, at=NEXT_DAY),
        event(AssistanceFollowedUp, still_using=False, at=NEXT_DAY, **there),
        event(CitizenOptedOut, at=NEXT_DAY, **there),
        event(CitizenOptedIn),
        event(FeedbackReceived),
    ]


def _disputes() -> list[Event]:
    """By event: nothing happened; a number of somebody else; not yet asked; it did happen."""
    one, two, three, four = EVENTS
    told = AssistanceDisputed
    return [
        event(told, event_id=one, notification_id="sms-6", at=NEXT_DAY, **THERE),
        event(told, event_id=two, notification_id="sms-2", kind="wrong_number", at=NEXT_DAY),
        event(told, event_id=three, at=NEXT_DAY, notification_id="sms-1"),
        event(told, event_id=four, at=NEXT_DAY, notification_id="sms-1"),
        event(DisputeResolved, event_id=one, outcome="voided", at=NEXT_DAY, **THERE),
        event(DisputeResolved, event_id=two, outcome="wrong_number", at=NEXT_DAY),
        event(DisputeResolved, event_id=four, outcome="confirmed", at=NEXT_DAY),
    ]


def _refusals() -> list[Event]:
    """Two of one phone, one of the other and one of a coordinator."""
    return [
        event(EventRefused),
        event(EventRefused, result="conflict", code="id_taken"),
        event(EventRefused, poster="/device/phone-2", code="out_of_scope", **THERE),
        event(EventRefused, poster=OFFICE),
    ]


def _told_again() -> list[Event]:
    """In the second ward: a door, help and a step of a signature; soon, then by another team."""
    soon, later = SATURDAY + timedelta(minutes=1), SATURDAY + timedelta(hours=1)
    team_3: Json = {"team_id": "team-3", "at": soon, **THERE}
    team_4: Json = {"team_id": "team-4", "at": later, "envelope": BY_PHONE_2, **THERE}
    helped: Json = {
        "citizen_id": "citizen-2",
        "services": [given("vneid_level2", outcome="understood")],
    }
    signed: Json = {"citizen_id": "citizen-3", "subject": "signature-3", "ca": "misa"}
    return [
        event(HouseholdVisited, **{**team_4, "at": soon}, household_id="household-4"),
        event(CitizenAssisted, **team_3, **helped),
        event(SignatureIssued, **signed, at=soon, **THERE),
        event(
            HouseholdVisited,
            **{**team_3, "at": later},
            household_id="household-3",
            outcome="absent",
            envelope=ADMITTED,
        ),
        event(CitizenAssisted, **team_4, **helped),
        event(SignatureSuspended, **{**team_4, "at": NEXT_DAY + timedelta(hours=1)}, **signed),
    ]


def _activities() -> list[Event]:
    """A festival of two programmes, and a contest of none."""
    reach = [{"channel": c, "people": 10 * n} for n, c in enumerate(ReachChannel, start=1)]
    return [
        event(
            ActivityHeld,
            subject="ngay-hoi-1",
            programmes=["cds", "bdhvs"],
            people=100,
            attendance=[{"group": "elderly", "people": 40}, {"group": "trader", "people": 30}],
            booth_visits=25,
        ),
        event(
            ActivityHeld,
            subject="hoi-thi-1",
            kind="contest",
            people=20,
            attendance=[{"group": "elderly", "people": 5}],
            entries=12,
            winners=3,
            reach=reach,
            at=NEXT_DAY,
            **THERE,
        ),
    ]
