"""Reporting's page signs staff in and out at registration, from an origin of its own."""

import httpx
import pytest

from services.registration.documents import nobody
from services.registration.main import create

PAGE = "http://127.0.0.1:8102"
API = "/api/registration/v1"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/sessions"), ("POST", "/password"), ("POST", "/tokens"), ("DELETE", "/sessions")],
)
async def test_page_that_the_setting_names_may_sign_in_and_out(method: str, path: str) -> None:
    app = create(nobody().model_copy(update={"allowed_origin": PAGE}))
    asking = {
        "Origin": PAGE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://registration"
    ) as client:
        asked = await client.options(API + path, headers=asking)

    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == PAGE
