"""Campaigns over HTTP, on twins."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.events.citizens import ConsentGiven
from services.notify.campaigns.api import campaigns_router, offers_of
from services.notify.campaigns.feeder import Feeder
from services.notify.campaigns.service import CampaignService
from services.notify.contacts.contacts import words_of
from services.notify.settings import NotifySettings
from services.notify.smpp.texts import coded
from services.platform.access.auth import Claims, sign
from services.platform.clock import utc_now
from services.platform.http.app import create_app
from services.platform.http.repeating import Repeats
from services.platform.unavailable import Unavailable
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, a_phone, an_id, event
from tests.examples import examples
from tests.notify.harness import Kit, share_contact
from tests.notify.test_api import PRIVATE, told
from tests.twins.campaigns import CampaignsTwin
from tests.twins.ended_access import EndedAccessesTwin
from tests.twins.repeats import MemoryRepeats

BASE = "/api/notify/v1"
NEW = {
    "title": "Ngày hội số",
    "text": "Mời ông/bà đến ngày hội số 18/10/2025.",
    "until": (SATURDAY + timedelta(days=2)).isoformat(),
    "pace_a_minute": 60,
}


def a_token(who: str = "maker", role: str = "centre", *wards: str) -> dict[str, str]:
    claims = Claims(sub=f"/user/{who}", role=role, wards=wards or None)
    return {"Authorization": f"Bearer {sign(claims, 'notify', PRIVATE, utc_now())}"}


def app_of(told_so: NotifySettings, kit: Kit, ended: EndedAccessesTwin | None = None) -> FastAPI:
    campaigns = CampaignsTwin(kit.ledger)
    service = CampaignService(
        kit.ledger, kit.contacts, campaigns, told_so.installation, offers_of(told_so), kit.clock
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, object]]:
        repeats = Repeats(MemoryRepeats(), bytes(32), utc_now)
        yield {"campaigns": service, "repeats": repeats, "ended": ended or EndedAccessesTwin()}

    return create_app(
        title="t",
        lifespan=lifespan,
        routers=(campaigns_router(told_so),),
        checks={},
        unavailable=(Unavailable,),
    )


@pytest.fixture
def kit() -> Kit:
    return Kit()


@pytest.fixture
def priced(tmp_path: Path) -> NotifySettings:
    return prices(tmp_path)


def prices(folder: Path) -> NotifySettings:
    return told(
        folder,
        anonymous_reading=False,
        providers="http:3,console;smpp",
        segment_vnd={"http": 300, "console": 700, "smpp": 100},
        accented={"console"},
        http_provider_sender="TUNGNGO",
        smpp_host="smsc.example",
        smpp_system_id="us",
        smpp_sender="TUNGNGO",
        ward_segments_a_day=2,
    )


@pytest.fixture
def centre(kit: Kit, priced: NotifySettings) -> Iterator[TestClient]:
    with TestClient(app_of(priced, kit)) as client:
        yield client


async def agreeing(kit: Kit, phone: str | None = None, ward: str = CHO_LON) -> None:
    citizen = an_id("citizen")
    await share_contact(kit.contacts, citizen, phone)
    said = event(ConsentGiven, ward=ward, citizen_id=citizen, purposes=["invitation"])
    await kit.contacts.record(words_of(said))


def make(client: TestClient, **changes: object) -> Any:
    return client.post(f"{BASE}/campaigns", json=NEW | changes, headers=a_token())


def move(client: TestClient, id_: str, step: str, who: str = "second") -> Any:
    path = f"{BASE}/campaigns/{id_}/steps"
    return client.post(path, json={"move": step}, headers=a_token(who))


async def test_campaign_goes_its_way_over_http(centre: TestClient, kit: Kit) -> None:
    id_ = make(centre).json()["id"]

    for step in ("approve", "start", "pause", "resume", "cancel"):
        assert move(centre, id_, step).status_code == 200
    shown = centre.get(f"{BASE}/campaigns/{id_}", headers=a_token()).json()

    steps = [(step["act"], step["by"]) for step in shown["campaign"]["steps"]]
    assert steps[:2] == [("made", "/user/maker"), ("approved", "/user/second")]
    assert (shown["campaign"]["stage"], shown["states"]) == ("cancelled", {})
    listed = centre.get(f"{BASE}/campaigns", headers=a_token()).json()["campaigns"]
    assert [one["id"] for one in listed] == [id_]


class Many(NamedTuple):
    """Campaigns made at one instant, and whoever reads them."""

    client: TestClient
    headers: dict[str, str]
    made: set[str]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    """Made once: they are only read."""
    headers = a_token()
    with TestClient(app_of(prices(tmp_path_factory.mktemp("notify")), Kit())) as client:
        yield Many(client, headers, {make(client).json()["id"] for _ in range(103)})


@pytest.mark.parametrize("limit", [1, 2, 50, 100, 200])
def test_campaigns_made_at_one_instant_are_all_on_some_page(limit: int, many: Many) -> None:
    found, onward, pages = list[str](), "", 0
    while onward or not pages:
        path = f"{BASE}/campaigns?limit={limit}{onward}"
        page = many.client.get(path, headers=many.headers).json()
        found += [one["id"] for one in page["campaigns"]]
        onward, pages = page["next"] and f"&cursor={page['next']}", pages + 1

    assert sorted(found) == sorted(many.made)
    assert pages == -(-103 // limit)


def test_campaign_that_is_made_twice_under_one_key_is_one(centre: TestClient) -> None:
    headers = a_token() | {"Idempotency-Key": "0d1f0a52-one"}

    first, again = (centre.post(f"{BASE}/campaigns", json=NEW, headers=headers) for _ in range(2))
    other = centre.post(f"{BASE}/campaigns", json=NEW | {"title": "Khác"}, headers=headers)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert other.json()["code"] == "idempotency_key_reused"
    listed = centre.get(f"{BASE}/campaigns", headers=a_token()).json()["campaigns"]
    assert [one["id"] for one in listed] == [first.json()["id"]]


async def test_states_of_its_sms_are_shown(
    centre: TestClient, kit: Kit, priced: NotifySettings
) -> None:
    await agreeing(kit)
    id_ = make(centre).json()["id"]
    move(centre, id_, "approve")
    move(centre, id_, "start")

    kit.clock.forward(seconds=5)
    feeder = Feeder(
        kit.ledger, kit.contacts, CampaignsTwin(kit.ledger), priced.installation, kit.clock
    )
    await feeder.round()
    await kit.after(seconds=1)

    shown = centre.get(f"{BASE}/campaigns/{id_}", headers=a_token()).json()
    assert (shown["states"], shown["campaign"]["invited"]) == ({"accepted": 1}, 1)


def test_who_made_it_is_refused_as_the_second_person(centre: TestClient) -> None:
    id_ = make(centre).json()["id"]

    answer = move(centre, id_, "approve", "maker")

    assert (answer.status_code, answer.json()["code"]) == (403, "second_person_needed")


def test_step_out_of_turn_is_told_as_a_conflict(centre: TestClient) -> None:
    answer = move(centre, make(centre).json()["id"], "start")

    assert (answer.status_code, answer.json()["code"]) == (409, "campaign_stage")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"text": "Mời " * 110}, "text_too_long", "/body/text"),
        ({"until": SATURDAY.isoformat()}, "campaign_over", "/body/until"),
        ({"until": "2025-10-18T08:00:00"}, "invalid_request", "/body/until"),
        ({"wards": [CHO_LON, "26734"]}, "unknown_ward", "/body/wards/1"),
        ({"wards": ["79"]}, "unknown_ward", "/body/wards/0"),
        ({"pace_a_minute": 0}, "invalid_request", "/body/pace_a_minute"),
        ({"text": "two\nlines"}, "invalid_request", "/body/text"),
        ({"stage": "approved"}, "invalid_request", "/body/stage"),
    ],
)
def test_what_cannot_be_sent_is_refused_at_creation(
    centre: TestClient, changes: dict[str, object], code: str, pointer: str
) -> None:
    answer = make(centre, **changes)

    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["pointer"]) == (code, pointer)


def test_campaign_that_no_provider_carries_is_refused(kit: Kit, tmp_path: Path) -> None:
    care_messages_alone = told(
        tmp_path,
        providers="esms",
        esms_api_key="key",
        esms_secret_key="secret",
        esms_brandname="TUNGNGO",
        esms_webhook_secret="secret-of-a-test-webhook",
    )

    with TestClient(app_of(care_messages_alone, kit)) as client:
        answer = make(client)

    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_carries_adverts")


@pytest.mark.parametrize(
    "sender",
    [
        {"providers": "smpp", "smpp_sender": "8199"},
        {"providers": "smpp", "smpp_sender": "090 000 00"},
        {"providers": "http"},
        {"providers": "http", "http_provider_sender": "19001000"},
        {"providers": "speedsms", "speedsms_sms_type": 2},
        {"providers": "speedsms", "speedsms_sms_type": 7, "speedsms_sender": "NAME"},
        {"providers": "smpp,http,speedsms", "smpp_sender": "8199", "speedsms_sms_type": 2},
    ],
)
def test_campaign_without_a_brand_name_is_refused(
    kit: Kit, tmp_path: Path, sender: dict[str, Any]
) -> None:
    known = told(
        tmp_path,
        smpp_host="smsc.example",
        smpp_system_id="us",
        speedsms_token=SecretStr("token-of-a-test"),
        speedsms_webhook_secret=SecretStr("secret-of-a-test-webhook"),
        **sender,
    )

    with TestClient(app_of(known, kit)) as client:
        answer = make(client)

    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_carries_adverts")


@pytest.mark.parametrize("step", ["approve", "start", "resume"])
def test_campaign_whose_brand_name_is_gone_goes_no_further(
    kit: Kit, priced: NotifySettings, tmp_path: Path, step: str
) -> None:
    steps_before = {"approve": [], "start": ["approve"], "resume": ["approve", "start", "pause"]}
    with TestClient(app_of(priced, kit)) as client:
        id_ = make(client).json()["id"]
        for before in steps_before[step]:
            move(client, id_, before)

    with TestClient(app_of(told(tmp_path, providers="http"), kit)) as client:
        answer = move(client, id_, step)

    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_carries_adverts")


async def test_preview_tells_reach_cost_and_time(centre: TestClient, kit: Kit) -> None:
    shared = a_phone()
    for phone in (None, None, shared, shared):
        await agreeing(kit, phone)
    for _ in range(7):
        await agreeing(kit, ward=HOA_HUNG)
    id_ = make(centre, pace_a_minute=1).json()["id"]

    seen = centre.get(f"{BASE}/campaigns/{id_}/preview", headers=a_token()).json()

    assert (seen["reachable"], seen["left_out"]) == (10, {"shared_number": 1})
    wards = [(w["ward"], w["reachable"], w["segments"], w["fits_budget"]) for w in seen["wards"]]
    assert wards == [(HOA_HUNG, 7, 7, False), (CHO_LON, 3, 3, True)]
    assert seen["cost_vnd"] == 10 * (3 * 300 + 700) // 4
    assert seen["ends_at"] == (SATURDAY + timedelta(minutes=10)).isoformat()
    assert (seen["fits"], seen["segments"]) == (True, 1)
    texts = {one["provider"]: one["text"] for one in seen["providers"]}
    assert texts["http"] == "[QC] Moi ong/ba den ngay hoi so 18/10/2025. Tu choi: goi 1022"
    assert texts["console"] == "[QC] Mời ông/bà đến ngày hội số 18/10/2025. Từ chối: gọi 1022"


async def test_preview_says_when_the_time_is_too_short(centre: TestClient, kit: Kit) -> None:
    for _ in range(3):
        await agreeing(kit)
    until = (SATURDAY + timedelta(minutes=2)).isoformat()
    id_ = make(centre, pace_a_minute=1, until=until).json()["id"]

    seen = centre.get(f"{BASE}/campaigns/{id_}/preview", headers=a_token()).json()

    assert seen["fits"] is False


def test_any_text_is_priced_by_provider_beside_the_standing_ones(centre: TestClient) -> None:
    asked = {"text": "Điểm hỗ trợ nghỉ thứ Hai.", "advertises": False}

    seen = centre.post(f"{BASE}/previews", json=asked, headers=a_token()).json()

    priced = {
        p["provider"]: (p["encoding"], p["segments"], p["price_vnd"]) for p in seen["providers"]
    }
    assert priced == {
        "http": ("gsm7", 1, 300),
        "console": ("ucs2", 1, 700),
        "smpp": ("gsm7", 1, 100),
    }
    assert seen["too_long"] is False
    standing = {one["template"]: one["segments"] for one in seen["standing"]}
    assert standing["visit.assisted.plain.v2"] == 1
    assert standing["visit.assisted.accents.v2"] == 2


def test_preview_names_the_letters_that_make_a_plain_text_longer(centre: TestClient) -> None:
    asked = {"text": "Ngày hội “số” – 日本…", "advertises": False}

    seen = centre.post(f"{BASE}/previews", json=asked, headers=a_token()).json()

    named = {p["provider"]: (p["text"], p["beyond_gsm7"]) for p in seen["providers"]}
    assert named["http"] == ('Ngay hoi "so" - 日本...', ["日", "本"])
    assert named["console"] == ('Ngày hội "số" - 日本...', [])


@pytest.mark.parametrize("length", [60, 160, 200, 300])
def test_advert_with_accents_is_counted_as_it_leaves(centre: TestClient, length: int) -> None:
    asked = {"text": "ậ" * length, "advertises": True}

    seen = centre.post(f"{BASE}/previews", json=asked, headers=a_token()).json()

    [accented] = [one for one in seen["providers"] if one["accents"]]
    assert accented["segments"] >= len(coded(accented["text"]).parts)
    assert accented["price_vnd"] == 700 * accented["segments"]


def test_text_of_too_many_segments_is_told_before_it_is_used(centre: TestClient) -> None:
    asked = {"text": "a" * 460, "advertises": False}

    seen = centre.post(f"{BASE}/previews", json=asked, headers=a_token()).json()

    assert (seen["too_long"], seen["providers"][0]["segments"]) == (True, 4)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/campaigns"),
        ("POST", "/campaigns"),
        ("GET", f"/campaigns/campaign-{24 * '0'}"),
        ("GET", f"/campaigns/campaign-{24 * '0'}/preview"),
        ("POST", f"/campaigns/campaign-{24 * '0'}/steps"),
        ("POST", "/previews"),
    ],
)
def test_campaigns_are_the_centres_alone(centre: TestClient, method: str, path: str) -> None:
    body = {"/campaigns": NEW, "/previews": {"text": "a"}}.get(path, {"move": "approve"})
    refused = [
        a_token("u-1", "ward_leader", CHO_LON),
        a_token("u-2", "centre", CHO_LON),
        a_token("u-3", "integrator"),
    ]

    answers = [centre.request(method, BASE + path, headers=h, json=body) for h in refused]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "forbidden")] * 3
    assert centre.request(method, BASE + path, json=body).status_code == 401


def test_page_that_everybody_reads_shows_no_campaign(kit: Kit, tmp_path: Path) -> None:
    with TestClient(app_of(told(tmp_path, anonymous_reading=True), kit)) as client:
        assert client.get(f"{BASE}/campaigns").status_code == 403


def test_unknown_campaign_is_not_found(centre: TestClient) -> None:
    unknown = f"campaign-{24 * '0'}"

    assert move(centre, unknown, "approve").status_code == 404
    assert centre.get(f"{BASE}/campaigns/{unknown}", headers=a_token()).status_code == 404


def test_without_a_database_nothing_is_taken(centre: TestClient, kit: Kit) -> None:
    kit.ledger.down = True

    answer = make(centre)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_campaigns_keep_to_their_document(kit: Kit, priced: NotifySettings) -> None:
    app = app_of(priced, kit)
    document = schemathesis.openapi.from_asgi("/openapi.json", app)
    paths = set()

    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        paths.add(operation.path)

        @given(case=operation.as_strategy())
        @settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
        def keeps_to_the_document(case: Case[Any]) -> None:
            case.call_and_validate(headers=a_token(), excluded_checks=[positive_data_acceptance])

        keeps_to_the_document()

    assert {f"{BASE}/campaigns", f"{BASE}/previews"} < paths
