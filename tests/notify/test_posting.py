"""How a provider is asked over HTTP, whatever its answers mean."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from deploy.local.ports import free_port
from services.notify.providers.posting import HttpAnswer, Posting, checked_url, refused_by_status
from services.notify.providers.provider import SurelyNotAccepted, Unknown
from tests.eventually import PATIENCE_S, patience
from tests.notify.sandbox.server import Asked, Imitation, Told, serving


class Redirecting(Imitation):
    """Sends whoever asks elsewhere, and tells whether they came."""

    def answer(self, asked: Asked) -> Told:
        if asked.path == "/elsewhere":
            return Told(200, {})
        return Told(307, {}, {"Location": "/elsewhere", "X-Some-Header": "17"})


@pytest.fixture
def elsewhere() -> Iterator[Redirecting]:
    imitation = Redirecting()
    with serving(imitation):
        yield imitation


@pytest.fixture
async def posting() -> AsyncIterator[Posting]:
    posting = Posting(PATIENCE_S)
    yield posting
    await posting.close()


async def test_nobody_is_sent_elsewhere_with_a_number(
    elsewhere: Redirecting, posting: Posting
) -> None:
    answer = await posting.post(f"{elsewhere.url}/here", json={"phone": "0900000001"})

    assert isinstance(answer, HttpAnswer)
    assert (answer.status, answer.seconds("x-some-header")) == (307, 17)
    assert refused_by_status(answer) == Unknown("provider_answered_307")
    assert len(elsewhere.asked) == 1


async def test_proxy_of_the_environment_is_not_asked(
    elsewhere: Redirecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    posting = Posting(PATIENCE_S)

    answer = await posting.post(elsewhere.url, json={})

    assert isinstance(answer, HttpAnswer)
    await posting.close()


async def test_answer_that_drips_is_given_up_in_time() -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"{")
            await asyncio.sleep(0.02)

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    posting = Posting(0.5)

    async with patience():
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        answer = await posting.post(url, json={})

    assert answer == Unknown("no_answer")
    await posting.close()
    server.close()


@contextmanager
def deaf_listener() -> Iterator[int]:
    """A port whose queue of connections is full and taken from by nobody."""
    with socket.socket() as listening, ExitStack() as queue:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = queue.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


async def test_connection_that_is_never_made_surely_carried_nothing() -> None:
    posting = Posting(0.6)

    with deaf_listener() as port:
        answer = await posting.post(f"http://127.0.0.1:{port}/", json={})

    assert answer == SurelyNotAccepted("provider_unreachable", retryable=True)
    await posting.close()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("7200", 3_600),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("²", None),
    ],
)
def test_rest_is_an_hour_at_most(said: str, seconds: float | None) -> None:
    assert HttpAnswer(429, b"", {"retry-after": said}).seconds("retry-after") == seconds
    assert HttpAnswer(429, b"").seconds("retry-after") is None


@pytest.mark.parametrize("status", [401, 402, 403, 404, 405])
def test_door_that_is_closed_may_be_opened_by_somebody(status: int) -> None:
    refused = SurelyNotAccepted(f"provider_refused_{status}", retryable=True)

    assert refused_by_status(HttpAnswer(status, b"")) == refused


@pytest.mark.parametrize("url", ["", "sms.example", "ftp://sms.example", "https://", "http://a:b"])
def test_address_that_is_none_is_told_by_its_variable(url: str) -> None:
    with pytest.raises(ValueError, match="NOTIFY_X_URL"):
        checked_url(url, "NOTIFY_X_URL")


def test_address_loses_its_last_slash() -> None:
    assert checked_url("https://sms.example/a/", "NOTIFY_X_URL") == "https://sms.example/a"
