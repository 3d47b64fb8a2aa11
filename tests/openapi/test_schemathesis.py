"""Each service answers as its OpenAPI document says, whatever it is asked."""

from collections import Counter
from typing import Any

import jsonschema_rs
import orjson
import pytest

from services.events.activities import ActivityHeld
from services.events.appointments import AppointmentBooked
from services.events.registry import BY_TYPE
from services.events.schemas import posted
from services.events.service_points import ServicePointOpened
from services.notify.providers.webhooks import BASE as WEBHOOKS
from services.platform.clock import utc_now
from services.platform.ids import random_id
from services.registration.intake import problems
from services.registration.intake.canonical import canonical
from tests import calls
from tests.openapi.conftest import ADDRESS_SECRET, RECEIPTS_SECRET, WARD
from tests.openapi.examining import Examined, Known, TokenFor, examine
from tests.pipeline.people import PASSWORD, REGISTRATION, Caller, Office, Phone, hired, signed_in
from tests.stack import Stack

EVENTS = f"POST {REGISTRATION}/events"
OF_ITS_PROVIDER = ("POST /api/notify/v1/receipts", "POST /api/notify/v1/replies")
PAUSED = {"kind": "provider", "name": "smpp"}
CAMPAIGNS = "/api/notify/v1/campaigns"
IN_THE_ADDRESS = (
    f"GET {WEBHOOKS}/esms/{{secret}}/receipts",
    f"GET {WEBHOOKS}/esms/{{secret}}/replies",
    f"POST {WEBHOOKS}/speedsms/{{secret}}",
)
NEVER_DONE = {
    f"POST {REGISTRATION}/devices",  # a code is good for one phone
    f"POST {REGISTRATION}/password",  # the old one is not to be guessed
    f"GET {REGISTRATION}/citizens/{{citizen_id}}",  # nobody is told a citizen's id
    "GET /api/notify/v1/notifications/{notification_id}",  # none has been sent
    "GET /api/notify/v1/notifications/{notification_id}/receipts",  # so none came
    "POST /api/notify/v1/notifications/{notification_id}/resend",  # and none failed
    "POST /api/notify/v1/replies/readings",  # and nobody wrote back
    f"GET {WEBHOOKS}/esms/{{secret}}/replies",  # nobody guesses a signature
    f"POST {WEBHOOKS}/zns/events",  # nor this one
}
REFUSED_FOR_ITS_FORM = {
    kind.code
    for kind in (
        problems.EVENT_TOO_LARGE,
        problems.INVALID_ID,
        problems.INVALID_VALUE,
        problems.MALFORMED_EVENT,
        problems.MISSING_FIELD,
        problems.UNKNOWN_FIELD,
        problems.UNKNOWN_TYPE,
    )
}
SCHEMAS = {
    name: jsonschema_rs.validator_for(posted(event_class), validate_formats=True)
    for name, event_class in BY_TYPE.items()
}


def test_registration_keeps_to_its_document(registration: Examined) -> None:
    assert_nothing_found(registration)


def as_one_writes_it(event: Any) -> Any:
    """Of several writings that standards allow the schema has one."""
    return canonical(event) if isinstance(event, dict) else event


def test_event_that_its_schema_refuses_is_refused_for_its_form(registration: Examined) -> None:
    judged: Counter[bool] = Counter()

    for exchange in registration.exchanges:
        if exchange.operation == EVENTS and exchange.status == 200:
            sent = orjson.loads(exchange.sent)
            results = orjson.loads(exchange.answer)["results"]
            batch = sent if isinstance(sent, list) else [sent]
            for event, result in zip(batch, results, strict=True):
                fits = keeps_to_its_schema(as_one_writes_it(event))
                judged[fits] += 1
                assert fits or result.get("code") in REFUSED_FOR_ITS_FORM, (event, result)

    assert min(judged[True], judged[False]) > 50


def test_reporting_keeps_to_its_document(system: Stack, office: Office, phone: Phone) -> None:
    token = short_token(office.centre, "reporting")

    examined = examine(system.url("reporting"), lambda _: token)

    assert_nothing_found(examined)


def test_notify_keeps_to_its_document(system: Stack, office: Office) -> None:
    token = short_token(office.centre, "notify")

    examined = examine(
        system.url("notify"),
        lambda operation: RECEIPTS_SECRET if operation in OF_ITS_PROVIDER else token,
        {
            **{operation: {"secret": ADDRESS_SECRET} for operation in IN_THE_ADDRESS},
            **of_a_campaign(system.url("notify"), token),
            "POST /api/notify/v1/controls": PAUSED,
            "DELETE /api/notify/v1/controls/{kind}/{name}": PAUSED,
        },
    )

    assert_nothing_found(examined)


@pytest.fixture(scope="module")
def registration(system: Stack, office: Office, phone: Phone) -> Examined:
    """All that was asked of it."""
    visit = phone.visit(at=utc_now())
    phone.record(visit)
    guest = {"name": "khach", "role": "centre"}
    locked = {"name": "doimatkhau", "role": "centre"}
    staff = [office.admin, office.centre, office.coordinator, hired(office.admin, guest, None)]
    staff.append(hired(office.admin, locked, None))
    spared = {caller.source.rpartition("/")[2] for caller in (*staff, phone)}
    return examine(
        system.url("registration"),
        whoever_may(office, phone, staff[-1]),
        known_to(office, phone, visit["id"]),
        frozenset(spared),
    )


def whoever_may(office: Office, phone: Phone, locked: Caller) -> TokenFor:
    """Each operation with the token of somebody whose work it is."""
    callers = {EVENTS: phone, f"POST {REGISTRATION}/password": locked}
    callers[f"GET {REGISTRATION}/events/{{event_id}}"] = phone

    def token_for(operation: str) -> str:
        if operation == f"DELETE {REGISTRATION}/sessions":
            return signed_in(office.admin.system, "khach", PASSWORD).token
        if "/users" in operation:
            return office.admin.token
        return callers.get(operation, office.centre).token

    return token_for


def known_to(office: Office, phone: Phone, visit_id: str) -> Known:
    """What was made before."""
    point, by = random_id("sp"), office.coordinator
    by.record(by.writes(ServicePointOpened, ward=WARD, subject=point))
    slot = {"service_point_id": point, "starts_at": "2099-12-31T08:30:00+07:00"}
    by.record(by.writes(AppointmentBooked, ward=WARD, **slot))
    activity = random_id("hd")
    by.record(by.writes(ActivityHeld, ward=WARD, subject=activity))
    team = {"team_id": phone.team_id}
    invited = by.ask("POST", f"{REGISTRATION}/enrolments", json=team).json()
    return {
        f"POST {REGISTRATION}/sessions": {"name": "trungtam", "password": PASSWORD},
        f"POST {REGISTRATION}/enrolments": team,
        f"POST {REGISTRATION}/keys": {
            "wards": [WARD],
            "valid_to": "2099-01-01",
            "service_point_id": point,
        },
        f"GET {REGISTRATION}/enrolments/{{id}}/qr": {"id": invited["enrolment_id"]},
        f"GET {REGISTRATION}/events/{{event_id}}": {"event_id": visit_id},
        f"GET {REGISTRATION}/service_points/{{id}}": {"id": point},
        f"GET {REGISTRATION}/activities/{{id}}": {"id": activity},
        f"GET {REGISTRATION}/appointments/{{id}}": {"id": f"{point}-20991231t0830"},
    }


def of_a_campaign(notify: str, token: str) -> Known:
    """One that can be shown, previewed and cancelled."""
    new = {"title": "a", "text": "a", "until": "2099-12-31T08:30:00+07:00"}
    bearer = {"Authorization": f"Bearer {token}"}
    made = calls.post(f"{notify}{CAMPAIGNS}", json=new, headers=bearer).raise_for_status().json()
    known = {"campaign_id": made["id"]}
    own = f"{CAMPAIGNS}/{{campaign_id}}"
    return {f"GET {own}": known, f"GET {own}/preview": known, f"POST {own}/steps": known}


def short_token(caller: Caller, audience: str) -> str:
    told = caller.ask("POST", f"{REGISTRATION}/tokens", json={"audience": audience})
    token: str = told.json()["token"]
    return token


def assert_nothing_found(examined: Examined) -> None:
    """And that it was looked for: whoever is never let in finds nothing either."""
    assert not examined.objections, "\n\n".join(examined.objections[:20])
    for operation, answers in examined.answers().items():
        done = sum(answers[status] for status in (200, 201, 204))
        assert done or operation in NEVER_DONE, (operation, answers)


def keeps_to_its_schema(event: object) -> bool:
    kind = event.get("type") if isinstance(event, dict) else None
    schema = SCHEMAS.get(kind) if isinstance(kind, str) else None
    return schema is not None and schema.is_valid(event)
