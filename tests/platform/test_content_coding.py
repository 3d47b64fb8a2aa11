"""Nobody gets gzip who does not take it, and no other module decides that."""

import re
from pathlib import Path

import pytest
from starlette.datastructures import Headers

import services
from services.platform.http.conditional import has
from services.platform.server.content_coding import takes_gzip

OWNER = "platform"
_READS = re.compile(r"get(list)?\(\s*.accept-encoding")


def asking(*accepted: str) -> Headers:
    return Headers(raw=[(b"accept-encoding", one.encode()) for one in accepted])


@pytest.mark.parametrize(
    "accepted",
    [
        "gzip",
        "GZIP",
        "x-gzip",
        "gzip;q=0.1",
        "br, gzip; q=0.5",
        "*",
        "br;q=0, *;q=1",
        "gzip, *;q=0",
    ],
)
def test_gzip_is_taken_where_it_or_anything_is(accepted: str) -> None:
    assert takes_gzip(asking(accepted))


@pytest.mark.parametrize(
    "accepted",
    [
        *("", "br", "identity", "notgzip", "*;q=0", "gzip;q=0, *"),
        *("gzip;q=0", "gzip; q=0.000", "GZIP;Q=0", "x-gzip;q=0", "gzip;q=x"),
    ],
)
def test_gzip_is_not_taken_where_it_is_refused_or_not_named(accepted: str) -> None:
    assert not takes_gzip(asking(accepted))


def test_several_headers_are_one_list() -> None:
    assert takes_gzip(asking("br", "gzip"))
    assert not takes_gzip(asking())


@pytest.mark.parametrize("known", ['"a"', 'W/"a"', '"b", W/"a"', "*", ' "a" '])
@pytest.mark.parametrize("etag", ['"a"', 'W/"a"'])
def test_answer_is_known_by_its_tag_however_strong(etag: str, known: str) -> None:
    assert has(etag, known)


@pytest.mark.parametrize("known", [None, "", '"b"', '"ab"', "a"])
def test_answer_with_another_tag_is_not_known(known: str | None) -> None:
    assert not has('W/"a"', known)


def test_no_service_reads_what_is_accepted_or_packs_by_itself() -> None:
    root = Path(services.__file__).parent
    elsewhere = [
        str(path.relative_to(root))
        for path in sorted(root.rglob("*.py"))
        if path.relative_to(root).parts[0] != OWNER
        for text in [path.read_text().lower()]
        if _READS.search(text) or "gzipmiddleware" in text or "decompressobj" in text
    ]

    assert elsewhere == []
