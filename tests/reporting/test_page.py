"""The page of the centre: one folder of plain files, and nothing from elsewhere."""

import re
from importlib.resources import files

from services.messaging.relay.parts import DEFAULT_OPTIONS
from services.messaging.relay.reading import RAREST_S
from tests.reporting.desk import Desk

FOLDER = files("services.reporting") / "page"
ELSEWHERE = re.compile(
    r"""(?:src|href)=["'](?:https?:)?//|@import|url\(\s*["']?https?:|from ["']https?:"""
)
WORD = re.compile(r"(?:^|[,{]\s)\s*([a-zA-Z]+):", re.MULTILINE)


async def test_the_page_and_all_it_loads_are_served(desk: Desk) -> None:
    page = await desk.http.get("/")

    loaded = re.findall(r'(?:src|href)="(/page/[^"]+)"', page.text)
    for file in (FOLDER / "app.js").read_text(encoding="utf-8"), page.text:
        loaded += [f"/page/{name}" for name in re.findall(r'from "\./([a-z]+\.js)"', file)]
    assert len(loaded) > 5
    for address in loaded:
        assert (await desk.http.get(address)).status_code == 200, address


async def test_the_page_may_ask_registration_and_notify_and_nobody_else(desk: Desk) -> None:
    page = await desk.http.get("/")

    policy = page.headers["content-security-policy"]
    assert "connect-src 'self' http://127.0.0.1:8101 http://127.0.0.1:8103;" in policy
    assert "default-src 'none'" in policy


def test_no_file_of_the_page_loads_anything_from_elsewhere() -> None:
    for file in FOLDER.iterdir():
        assert not ELSEWHERE.search(file.read_text(encoding="utf-8")), file.name


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    text = (FOLDER / "text.js").read_text(encoding="utf-8")
    vi, en = (set(WORD.findall(part)) for part in halves(text))

    used = set(re.findall(r'data-t="([a-zA-Z]+)"', (FOLDER / "index.html").read_text("utf-8")))
    assert vi == en
    assert used <= vi


async def test_the_page_is_told_where_the_others_are_and_that_figures_are_invented(
    desk: Desk,
) -> None:
    told = (await desk.http.get("/page/config.json")).json()

    assert told == {
        "registration": "http://127.0.0.1:8101",
        "notify": "http://127.0.0.1:8103",
        "demo": True,
    }


def test_a_quiet_city_is_not_shown_as_late() -> None:
    page = (FOLDER / "clock.js").read_text(encoding="utf-8")
    [late_s] = re.findall(r"const LATE_S = (\d+);", page)

    on_its_way_s = DEFAULT_OPTIONS.heartbeat_s + 2
    assert float(late_s) >= RAREST_S + on_its_way_s


def halves(text: str) -> tuple[str, str]:
    """The Vietnamese and the English words."""
    words = text[text.index("vi: {") : text.index("const CITY")]
    vi, _, en = words.partition("\n  en: {")
    return vi.removeprefix("vi: {"), en
