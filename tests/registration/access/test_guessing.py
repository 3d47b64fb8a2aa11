"""Whoever guesses is slowed down; whoever they guess at comes in."""

import asyncio

import httpx
import pytest

from services.registration.access.lockout import FREE, FREE_FOR_ALL
from services.registration.access.passwords import MOST_WAITING
from services.registration.subjects.actor import Role
from tests.builders import CHO_LON
from tests.registration.access.gate import PASSWORD, Gate, authorization, told

NAME = "cholon.dieuphoi"
HOME = "203.0.113.1"


@pytest.fixture
async def office(gate: Gate) -> Gate:
    """A gate with one coordinator."""
    await gate.user(NAME, Role.WARD, CHO_LON)
    return gate


async def sign_in(
    gate: Gate, password: str = PASSWORD, host: str = HOME, name: str = NAME
) -> httpx.Response:
    """Of a browser that keeps no cookies."""
    async with gate.browser(host) as browser:
        return await browser.post("/sessions", json={"name": name, "password": password})


async def guess(gate: Gate, times: int, host: str) -> list[str]:
    return [told(await sign_in(gate, "sai", host)) for _ in range(times)]


@pytest.mark.parametrize(
    "stranger", ["198.51.100.7", "2001:db8::1", "2001:db8:0:1::1", "::ffff:198.51.100.7"]
)
async def test_wrong_passwords_of_a_stranger_shut_nobody_out_elsewhere(
    office: Gate, stranger: str
) -> None:
    await guess(office, 3 * FREE, stranger)

    assert told(await sign_in(office)) == "201"
    assert told(await sign_in(office, host=stranger)) == "locked_out"


async def test_one_holder_of_many_addresses_is_one_stranger(office: Gate) -> None:
    answers = [await guess(office, 1, f"2001:db8::{n:x}") for n in range(1, FREE + 2)]

    assert answers[-1] == ["locked_out"]


async def test_browser_that_signed_in_before_passes_whoever_guesses_beside_it(
    office: Gate,
) -> None:
    async with office.browser(HOME) as browser:
        given = {"name": NAME, "password": PASSWORD}
        await browser.post("/sessions", json=given)
        await guess(office, 3 * FREE, HOME)

        assert told(await browser.post("/sessions", json=given)) == "201"
        assert told(await sign_in(office)) == "locked_out"


async def test_known_browser_guesses_no_more_than_others(office: Gate) -> None:
    async with office.browser(HOME) as browser:
        await browser.post("/sessions", json={"name": NAME, "password": PASSWORD})

        wrong = {"name": NAME, "password": "sai"}
        answers = [told(await browser.post("/sessions", json=wrong)) for _ in range(FREE + 1)]

        assert answers == ["wrong_password"] * FREE + ["locked_out"]


@pytest.mark.parametrize("mark", ["", "x", "x.y", "x.é", "." * 200])
async def test_mark_that_nobody_gave_makes_nobody_known(office: Gate, mark: str) -> None:
    async with office.browser(HOME) as browser:
        await browser.post("/sessions", json={"name": NAME, "password": PASSWORD})
        [name] = [cookie for cookie in browser.cookies if "known" in cookie]
    await guess(office, FREE, HOME)

    async with office.browser(HOME) as browser:
        headers = {b"Cookie": f"{name}={mark}".encode("latin-1")}
        given = {"name": NAME, "password": PASSWORD}
        answer = await browser.post("/sessions", json=given, headers=headers)

    assert told(answer) == "locked_out"


async def test_mark_of_one_name_is_worth_nothing_at_another(office: Gate) -> None:
    await office.user("quantri", Role.ADMIN)
    await guess(office, FREE, HOME)

    async with office.browser(HOME) as browser:
        await browser.post("/sessions", json={"name": "quantri", "password": PASSWORD})
        answer = await browser.post("/sessions", json={"name": NAME, "password": PASSWORD})

    assert told(answer) == "locked_out"


async def test_many_strangers_together_are_slowed_down_at_one_name(office: Gate) -> None:
    """NIST SP 800-63B-4, 3.2.2."""
    for n in range(FREE_FOR_ALL // FREE):
        assert set(await guess(office, FREE, f"198.51.100.{n}")) == {"wrong_password"}

    slowed = await sign_in(office, host="198.51.101.1")
    office.later(minutes=1)

    assert told(slowed) == "locked_out"
    assert told(await sign_in(office, host="198.51.101.1")) == "201"


async def test_right_passwords_are_no_guesses(office: Gate) -> None:
    for n in range(FREE_FOR_ALL + 5):
        assert told(await sign_in(office, host=f"198.51.100.{n % 200}")) == "201"


async def test_guesses_do_not_stop_the_owner_who_changes_the_password(office: Gate) -> None:
    given = {"name": NAME, "password": PASSWORD, "use": "bearer"}
    session = (await office.http.post("/sessions", json=given)).json()
    for n in range(FREE_FOR_ALL // FREE):
        await guess(office, FREE, f"198.51.100.{n}")

    new = {"old": PASSWORD, "new": "một mật khẩu khác hẳn"}
    by = authorization(session["token"])

    assert told(await office.http.post("/password", json=new, headers=by)) == "204"


async def test_one_network_tries_many_names_slowly(office: Gate) -> None:
    answers = [told(await sign_in(office, "sai", HOME, f"phuong.so{n}")) for n in range(70)]

    assert answers.count("too_many_requests") == 10


async def test_more_sign_ins_at_once_than_can_be_answered_are_told_to_come_again(
    office: Gate,
) -> None:
    answers = await asyncio.gather(
        *(
            sign_in(office, "sai", f"198.51.{n % 250}.{n // 250}", f"phuong.so{n}")
            for n in range(2 * MOST_WAITING)
        )
    )

    assert {told(answer) for answer in answers} == {"wrong_password", "too_busy"}
    assert told(await sign_in(office)) == "201"
