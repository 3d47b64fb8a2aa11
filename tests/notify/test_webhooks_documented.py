"""The webhooks answer as their document says, whatever they are asked."""

import json
from typing import Any

import pytest
from fastapi import APIRouter
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.providers.esms.webhooks import esms_router
from services.notify.providers.speedsms.webhooks import speedsms_router
from services.notify.providers.zns.webhooks import zns_router
from services.platform.problems import PROBLEM_MEDIA_TYPE
from tests.examples import examples
from tests.notify import test_esms, test_speedsms, test_zns
from tests.notify.webhook_harness import webhooks_served
from tests.twins.callbacks import CallbacksTwin

BASE = "/api/notify/v1/providers"
ROUTERS = [
    esms_router(test_esms.told(esms_private_key="private-key-of-a-test")),
    speedsms_router(test_speedsms.told()),
    zns_router(test_zns.told()),
]


@pytest.mark.parametrize("router", ROUTERS)
def test_every_webhook_says_what_it_does_and_what_can_go_wrong(router: APIRouter) -> None:
    with webhooks_served(router, CallbacksTwin()) as notify:
        paths: dict[str, Any] = notify.get("/openapi.json").json()["paths"]

    operations = [op for path, by in paths.items() if path.startswith(BASE) for op in by.values()]
    assert operations
    for operation in operations:
        assert operation["description"]
        assert operation["responses"].keys() >= {"422", "503"}
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert set(answer["content"]) == {PROBLEM_MEDIA_TYPE}, status


_TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_OF_ESMS = ("SMSID", "RequestId", "SendStatus", "SendSuccess", "SendFailed", "smsid", "cpid")
_OF_OTHERS = ("type", "tranId", "phone", "status", "timestamp", "message")
_NAMES = st.sampled_from((*_OF_ESMS, *_OF_OTHERS, "sender", "content", "receiverTime", "sign"))


@settings(max_examples=examples(60))
@given(query=st.dictionaries(_NAMES, _TEXT | st.integers().map(str), max_size=8))
def test_junk_in_a_query_never_breaks_anything(query: dict[str, str]) -> None:
    with webhooks_served(ROUTERS[0], CallbacksTwin()) as notify:
        for path in ("receipts", "replies"):
            answer = notify.get(f"{BASE}/esms/secret-of-a-test/{path}", params=query)
            assert answer.status_code in {200, 401, 422}


@settings(max_examples=examples(60))
@given(body=st.dictionaries(_NAMES, _JSON, max_size=8) | _JSON, signature=_TEXT)
def test_junk_in_a_body_never_breaks_anything(body: object, signature: str) -> None:
    junk, headers = json.dumps(body), {"X-ZEvent-Signature": signature.encode()}
    with webhooks_served(ROUTERS[1], CallbacksTwin()) as notify:
        answer = notify.post(f"{BASE}/speedsms/secret-of-a-test", content=junk)
        assert answer.status_code in {204, 422}
    with webhooks_served(ROUTERS[2], CallbacksTwin()) as notify:
        answer = notify.post(f"{BASE}/zns/events", content=junk, headers=headers)
        assert answer.status_code in {401, 422}
