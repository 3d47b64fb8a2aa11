"""`/docs` is drawn by our own files, under a policy that loads nothing else."""

import gzip
import hashlib
import re
from pathlib import Path

import httpx
import pytest

from services.platform.http.docs_page import packed
from tests.apps import apps

SERVICES = Path(__file__).parents[2] / "services"
AS_PUBLISHED = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}
"""SHA-256 of the files of swagger-ui-dist 5.35.0."""
ELSEWHERE = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//|import\s*\(?["']https?:""")
NAMES = ("registration", "reporting", "notify")


def asking(name: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(apps()[name])
    return httpx.AsyncClient(transport=transport, base_url="http://docs.test")


@pytest.mark.parametrize("name", NAMES)
async def test_page_loads_what_this_service_itself_serves(name: str) -> None:
    async with asking(name) as http:
        page = await http.get("/docs")
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        answers = [await http.get(path) for path in loaded]

    assert page.status_code == 200
    assert len(loaded) == 3
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all(answer.headers["x-content-type-options"] == "nosniff" for answer in answers)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["/docs", "/problems"])
async def test_page_may_load_and_ask_nothing_elsewhere(name: str, path: str) -> None:
    async with asking(name) as http:
        page = await http.get(path)

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    assert not ELSEWHERE.search(page.text)
    assert "<script>" not in page.text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["/redoc", "/docs/oauth2-redirect"])
async def test_no_page_of_the_framework_is_served(name: str, path: str) -> None:
    async with asking(name) as http:
        assert (await http.get(path)).status_code == 404


@pytest.mark.parametrize("name", AS_PUBLISHED)
def test_vendored_file_is_the_one_that_was_published(name: str) -> None:
    assert hashlib.sha256(gzip.decompress(packed(name))).hexdigest() == AS_PUBLISHED[name]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_files_are_read_packed_and_plain(encoding: str) -> None:
    async with asking("notify") as http:
        answer = await http.get("/docs/start.js", headers={"Accept-Encoding": encoding})

    assert "SwaggerUIBundle(" in answer.text
    assert answer.headers.get("content-encoding", "identity") == encoding


OWN = [p for p in SERVICES.rglob("*") if p.suffix in (".html", ".js", ".css")]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_no_file_of_a_page_loads_anything_from_elsewhere(path: Path) -> None:
    assert not ELSEWHERE.search(path.read_text(encoding="utf-8"))
