"""Small invented campaigns that Hypothesis shrinks: few wards, people and days, many collisions."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.codes import (
    CertificateAuthority,
    DisputeOutcome,
    Group,
    Purpose,
    Service,
    VisitOutcome,
)
from services.events.disputes import DisputeResolved
from services.events.envelope import CITY_TIME, Event
from services.events.feedback import FeedbackReceived
from services.events.households import HouseholdVisited
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
)
from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.events.signatures import (
    SignatureActivated,
    SignatureIssued,
    SignatureRegistered,
    SignatureRevoked,
)
from services.events.teams import TeamDisbanded, TeamFormed, TeamMemberJoined, TeamMemberLeft
from tests.builders import CHO_LON, SAI_GON, event, void

LAST_OLD_EVENING = datetime(2025, 6, 30, 20, 0, tzinfo=CITY_TIME)
NOBODY_KNOWS = "99999"
WARDS = st.sampled_from((CHO_LON, SAI_GON, NOBODY_KNOWS))
CITIZENS = st.sampled_from(("citizen-1", "citizen-2", "citizen-3"))
TIMES = st.integers(0, 80).map(lambda hours: LAST_OLD_EVENING + timedelta(hours=hours))
DELAYS = st.integers(0, 60).map(lambda hours: timedelta(hours=hours))
SERVICES = st.lists(st.sampled_from(list(Service)[:4]), min_size=1, max_size=3)
LIFE: tuple[type[Event], ...] = (TeamFormed, TeamDisbanded, ServicePointOpened, ServicePointClosed)
CONSENTS: tuple[type[Event], ...] = (ConsentGiven, ConsentWithdrawn)
ROSTER: tuple[type[Event], ...] = (TeamMemberJoined, TeamMemberLeft)
SIGNATURES: tuple[type[Event], ...] = (
    SignatureRegistered,
    SignatureIssued,
    SignatureActivated,
    SignatureRevoked,
)
NOTIFICATIONS: tuple[type[Event], ...] = (
    NotificationSent,
    NotificationDelivered,
    NotificationFailed,
    NotificationSuppressed,
)
ANSWERS: tuple[tuple[type[Event], dict[str, Any]], ...] = (
    (AssistanceConfirmed, {}),
    (AssistanceDisputed, {"kind": "not_helped"}),
    (AssistanceDisputed, {"kind": "wrong_number"}),
    (AssistanceFollowedUp, {"still_using": True}),
    (AssistanceFollowedUp, {"still_using": False}),
)
UNASKED: tuple[type[Event], ...] = (FeedbackReceived, CitizenOptedOut, CitizenOptedIn)
SMS = st.sampled_from(("notification-1", "notification-2"))
DISPUTED = st.sampled_from(tuple(f"01990000-0000-7000-8000-ffffffffff0{n}" for n in range(2)))


@st.composite
def _assisted(draw: st.DrawFn) -> Event:
    services = draw(SERVICES)
    return _recorded(
        draw,
        CitizenAssisted,
        citizen_id=draw(st.none() | CITIZENS),
        services=[{"service": s, "before": "none", "outcome": "using"} for s in services],
        groups=draw(st.lists(st.sampled_from(list(Group)[:3]), max_size=2)),
        neighbourhood_id=draw(st.sampled_from((None, "khu-pho-1", "khu-pho-2"))),
    )


@st.composite
def _visited(draw: st.DrawFn) -> Event:
    return _recorded(
        draw,
        HouseholdVisited,
        household_id=draw(st.sampled_from(("household-1", "household-2"))),
        outcome=draw(st.sampled_from(VisitOutcome)),
        smart_devices=draw(st.none() | st.integers(0, 2)),
        phones_2g=draw(st.none() | st.integers(0, 2)),
    )


@st.composite
def _signature(draw: st.DrawFn) -> Event:
    citizen, ca = draw(CITIZENS), draw(st.sampled_from(list(CertificateAuthority)[:2]))
    event_class = draw(st.sampled_from(SIGNATURES))
    return _recorded(draw, event_class, subject=f"{citizen}-{ca}", citizen_id=citizen, ca=ca)


@st.composite
def _consent(draw: st.DrawFn) -> Event:
    event_class = draw(st.sampled_from(CONSENTS))
    return _recorded(draw, event_class, citizen_id=draw(CITIZENS))


@st.composite
def _merged(draw: st.DrawFn) -> Event:
    return _recorded(draw, CitizenMerged, citizen_id=draw(CITIZENS), merged_id=draw(CITIZENS))


@st.composite
def _membership(draw: st.DrawFn) -> Event:
    event_class = draw(st.sampled_from(ROSTER))
    return _recorded(draw, event_class, member_id=draw(st.sampled_from(("tnv-1", "tnv-2"))))


@st.composite
def _life(draw: st.DrawFn) -> Event:
    return _recorded(draw, draw(st.sampled_from(LIFE)))


@st.composite
def _notification(draw: st.DrawFn) -> Event:
    return _recorded(
        draw,
        draw(st.sampled_from(NOTIFICATIONS)),
        subject=draw(SMS),
        purpose=draw(st.sampled_from(Purpose)),
        segments=draw(st.integers(0, 3)),
        cost_vnd=700,
    )


@st.composite
def _answer(draw: st.DrawFn) -> Event:
    event_class, said = draw(st.sampled_from(ANSWERS))
    return _recorded(draw, event_class, notification_id=draw(SMS), event_id=draw(DISPUTED), **said)


@st.composite
def _unasked(draw: st.DrawFn) -> Event:
    event_class = draw(st.sampled_from(UNASKED))
    return _recorded(draw, event_class, notification_id=draw(st.none() | SMS))


@st.composite
def _resolved(draw: st.DrawFn) -> Event:
    outcome = draw(st.sampled_from(DisputeOutcome))
    return _recorded(draw, DisputeResolved, event_id=draw(DISPUTED), outcome=outcome)


def _recorded(draw: st.DrawFn, event_class: type[Event], **fields: Any) -> Event:
    at = draw(TIMES)
    return event(event_class, at=at, recorded=at + draw(DELAYS), ward=draw(WARDS), **fields)


EVENTS = st.lists(
    st.one_of(
        _assisted(),
        _assisted(),
        _visited(),
        _signature(),
        _consent(),
        _merged(),
        _membership(),
        _life(),
        _notification(),
        _answer(),
        _unasked(),
        _resolved(),
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def campaigns(draw: st.DrawFn) -> list[Event]:
    """Events and voids of some, a few of them twice, recorded before or after their targets."""
    events = draw(EVENTS)
    voids = []
    for target in draw(st.lists(st.sampled_from(events), max_size=4)):
        shift = timedelta(hours=draw(st.integers(-60, 60)))
        assert target.recordedtime
        at = max(target.recordedtime + shift, LAST_OLD_EVENING)
        voids.append(void(target, at=at))
    return [*events, *voids]


@st.composite
def deliveries(draw: st.DrawFn, events: list[Event]) -> list[list[Event]]:
    """The events as a broker may bring them: in any order, some again, cut into batches."""
    again = draw(st.lists(st.sampled_from(events), max_size=6))
    brought = draw(st.permutations([*events, *again]))
    cuts = sorted(draw(st.lists(st.integers(0, len(brought)), max_size=5)))
    return [brought[a:b] for a, b in zip([0, *cuts], [*cuts, len(brought)], strict=True)]
