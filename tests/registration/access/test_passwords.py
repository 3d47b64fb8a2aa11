"""One password, however a keyboard composes its letters."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from services.registration.access.passwords import Fit, Passwords, is_strong
from services.registration.subjects.actor import Role
from tests.builders import CHO_LON
from tests.registration.access.gate import Gate, quick_passwords, told

SAID = "mật khẩu của phường Ðông ﬁn"
FORMS = [unicodedata.normalize(form, SAID) for form in ("NFC", "NFD", "NFKC", "NFKD")]


@pytest.fixture
def passwords() -> Passwords:
    return quick_passwords()


def hashed_by_an_earlier_version(password: str) -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


async def sign_in(gate: Gate, password: str) -> str:
    given = {"name": "cholon.dieuphoi", "password": password, "use": "bearer"}
    return told(await gate.http.post("/sessions", json=given))


@pytest.mark.parametrize("typed", [*FORMS, SAID.replace("ﬁ", "fi"), SAID.replace("M", "Ｍ")])
@pytest.mark.parametrize("kept", FORMS)
async def test_password_is_right_in_whatever_form_it_is_typed(
    passwords: Passwords, kept: str, typed: str
) -> None:
    assert await passwords.fit(await passwords.hashed(kept), typed) is Fit.RIGHT


@pytest.mark.parametrize("typed", ["mat khau cua phuong Dong fin", SAID.upper(), f"{SAID} ", ""])
async def test_another_password_is_wrong(passwords: Passwords, typed: str) -> None:
    assert await passwords.fit(await passwords.hashed(SAID), typed) is Fit.NOT


@pytest.mark.parametrize("typed", FORMS[:2])
@pytest.mark.parametrize("kept", FORMS[:2])
async def test_hash_of_an_earlier_version_still_fits(
    passwords: Passwords, kept: str, typed: str
) -> None:
    assert await passwords.fit(hashed_by_an_earlier_version(kept), typed) is Fit.FORMERLY


async def test_nobody_has_a_password(passwords: Passwords) -> None:
    assert await passwords.fit(None, SAID) is Fit.NOT


async def test_hash_of_an_earlier_version_is_renewed_at_the_first_sign_in(gate: Gate) -> None:
    user_id = await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)
    staff = gate.store.staff
    formerly = hashed_by_an_earlier_version(FORMS[1])
    was = await staff.user(user_id)
    assert was is not None
    await staff.renew_password(user_id, was.password_hash, formerly)

    answers = [await sign_in(gate, FORMS[0]) for _ in range(2)]

    now = await staff.user(user_id)
    assert answers == ["201", "201"]
    assert now is not None
    assert now.password_hash != formerly
    assert await quick_passwords().fit(now.password_hash, FORMS[0]) is Fit.RIGHT


def test_the_same_password_in_another_form_is_no_new_one() -> None:
    assert not is_strong(FORMS[1], "cholon", old=FORMS[0])


@pytest.mark.parametrize("name", ["dieuphoi", "DIEUPHOI"])
def test_password_does_not_hold_the_name_in_any_writing(name: str) -> None:
    assert not is_strong("mật khẩu ĐiềuPhối 2026", name)
