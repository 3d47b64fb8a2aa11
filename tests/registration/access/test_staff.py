"""Staff: sign in, are locked out, change a first password, and leave."""

import asyncio

import pytest

from services.platform.problems import known_kinds
from services.registration.access.records import Act
from services.registration.subjects.actor import Role
from tests.builders import CHO_LON
from tests.registration.access.gate import PASSWORD, Gate, authorization, told, with_csrf


async def sign_in(gate: Gate, name: str, password: str = PASSWORD, use: str = "cookie") -> str:
    given = {"name": name, "password": password, "use": use}
    return told(await gate.http.post("/sessions", json=given))


async def test_coordinator_signs_in_with_a_cookie_that_no_script_reads(gate: Gate) -> None:
    await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)

    given = {"name": "cholon.dieuphoi", "password": PASSWORD}
    answer = await gate.http.post("/sessions", json=given)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=tns_")
    for attribute in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert attribute in cookie
    assert answer.json()["token"] is None
    assert answer.json()["user"]["wards"] == [CHO_LON]
    assert await gate.code_of("GET", "/teams") == "200"


async def test_wrong_password_and_unknown_name_sound_the_same(gate: Gate) -> None:
    await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)

    answers = [
        await gate.http.post("/sessions", json={"name": name, "password": "không phải mật khẩu"})
        for name in ("cholon.dieuphoi", "khong.co")
    ]

    assert [told(answer) for answer in answers] == ["wrong_password", "wrong_password"]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize("name", ["cholon.dieuphoi", "khong.co"])
async def test_name_is_locked_after_ten_wrong_passwords(gate: Gate, name: str) -> None:
    await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)
    for _ in range(10):
        assert await sign_in(gate, name, "sai") == "wrong_password"

    answer = await gate.http.post("/sessions", json={"name": name, "password": PASSWORD})

    assert told(answer) == "locked_out"
    assert int(answer.headers["Retry-After"]) == 60


async def test_lock_opens_after_its_time(gate: Gate) -> None:
    await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)
    for _ in range(10):
        await sign_in(gate, "cholon.dieuphoi", "sai")

    gate.later(minutes=1)

    assert await sign_in(gate, "cholon.dieuphoi") == "201"
    assert await sign_in(gate, "cholon.dieuphoi", "sai") == "wrong_password"


async def test_guessing_many_at_once_gains_nothing(gate: Gate) -> None:
    await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)

    answers = await asyncio.gather(*(sign_in(gate, "cholon.dieuphoi", "sai") for _ in range(30)))

    assert answers.count("wrong_password") == 10
    assert answers.count("locked_out") == 20


async def test_write_by_cookie_needs_the_csrf_header(gate: Gate) -> None:
    await gate.user("quantri", Role.ADMIN)
    session = await gate.http.post("/sessions", json={"name": "quantri", "password": PASSWORD})
    new = {"name": "so.khcn", "role": "centre"}

    without = await gate.http.post("/users", json=new)
    wrong = await gate.http.post("/users", json=new, headers={b"X-CSRF-Token": "é".encode()})
    right = await gate.http.post("/users", json=new, headers=with_csrf(session))

    assert [told(without), told(wrong), told(right)] == ["csrf_missing", "csrf_missing", "201"]


async def test_page_that_is_loaded_again_learns_its_csrf_token(gate: Gate) -> None:
    await gate.user("quantri", Role.ADMIN)
    begun = await gate.http.post("/sessions", json={"name": "quantri", "password": PASSWORD})

    again = await gate.http.get("/session")

    assert again.json()["csrf_token"] == begun.json()["csrf_token"]
    assert again.json()["token"] is None


async def test_session_ends_after_two_idle_hours(gate: Gate) -> None:
    by = await gate.coordinator()

    gate.later(hours=1, minutes=59)
    assert await gate.code_of("GET", "/teams", by) == "200"
    gate.later(hours=1, minutes=59)
    assert await gate.code_of("GET", "/teams", by) == "200"
    gate.later(hours=2)

    assert await gate.code_of("GET", "/teams", by) == "unauthenticated"


async def test_session_ends_after_twelve_hours_however_busy(gate: Gate) -> None:
    by = await gate.coordinator()

    for _ in range(11):
        gate.later(hours=1)
        assert await gate.code_of("GET", "/teams", by) == "200"
    gate.later(hours=1)

    assert await gate.code_of("GET", "/teams", by) == "unauthenticated"


async def test_who_signed_out_is_out_at_once(gate: Gate) -> None:
    by = await gate.coordinator()
    assert await gate.code_of("GET", "/teams", by) == "200"

    assert await gate.code_of("DELETE", "/sessions", by) == "204"

    assert await gate.code_of("GET", "/teams", by) == "unauthenticated"


async def test_first_password_opens_nothing_but_its_own_change(gate: Gate) -> None:
    admin = await gate.admin()
    new = {"name": "cholon.dieuphoi", "role": "ward", "wards": [CHO_LON]}
    made = (await gate.http.post("/users", json=new, headers=admin)).json()
    first = made["first_password"]
    given = {"name": "cholon.dieuphoi", "password": first, "use": "bearer"}
    by = authorization((await gate.http.post("/sessions", json=given)).json()["token"])

    assert await gate.code_of("GET", "/teams", by) == "password_must_change"
    assert await gate.code_of("POST", "/events", by) == "password_must_change"
    changed = await gate.http.post("/password", json={"old": first, "new": PASSWORD}, headers=by)

    assert changed.status_code == 204
    assert await gate.code_of("GET", "/teams", by) == "unauthenticated"
    assert await sign_in(gate, "cholon.dieuphoi", first) == "wrong_password"
    assert await sign_in(gate, "cholon.dieuphoi") == "201"


@pytest.mark.parametrize("new", ["ngắn", PASSWORD, "dieuphoi.27343-2026", "x" * 201])
async def test_weak_password_is_not_taken(gate: Gate, new: str) -> None:
    by = await gate.coordinator(CHO_LON)

    answer = await gate.http.post("/password", json={"old": PASSWORD, "new": new}, headers=by)

    assert told(answer) in ("password_too_weak", "invalid_request")
    assert await gate.code_of("GET", "/teams", by) == "200"


async def test_somebody_at_an_open_screen_cannot_change_the_password(gate: Gate) -> None:
    by = await gate.coordinator()
    wrong = {"old": "không biết", "new": "một mật khẩu mới"}

    answers = [await gate.http.post("/password", json=wrong, headers=by) for _ in range(11)]

    assert told(answers[0]) == "wrong_password"
    assert told(answers[10]) == "locked_out"


async def test_disabled_user_is_out_at_once_and_for_good(gate: Gate) -> None:
    admin = await gate.admin()
    user = await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)
    given = {"name": "cholon.dieuphoi", "password": PASSWORD, "use": "bearer"}
    by = authorization((await gate.http.post("/sessions", json=given)).json()["token"])
    assert await gate.code_of("GET", "/teams", by) == "200"

    assert await gate.code_of("DELETE", f"/users/{user}", admin) == "204"

    assert await gate.code_of("GET", "/teams", by) == "unauthenticated"
    assert await sign_in(gate, "cholon.dieuphoi") == "wrong_password"


async def test_forgotten_password_is_replaced_by_the_administrator(gate: Gate) -> None:
    admin = await gate.admin()
    user = await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)
    for _ in range(11):
        await sign_in(gate, "cholon.dieuphoi", "quên rồi")

    reset = await gate.http.post(f"/users/{user}/password", headers=admin)

    first = reset.json()["first_password"]
    assert await sign_in(gate, "cholon.dieuphoi", first) == "201"
    assert await sign_in(gate, "cholon.dieuphoi") == "wrong_password"


async def test_only_the_administrator_makes_users(gate: Gate) -> None:
    new = {"name": "so.khcn", "role": "centre"}

    for by in (await gate.coordinator(), await gate.bearer("trungtam", Role.CENTRE)):
        assert told(await gate.http.post("/users", json=new, headers=by)) == "forbidden"
        assert await gate.code_of("GET", "/users", by) == "forbidden"


@pytest.mark.parametrize(
    ("new", "code", "pointer"),
    [
        ({"role": "ward"}, "invalid_request", "/body/ward/wards"),
        ({"role": "ward", "wards": []}, "invalid_request", "/body/ward/wards"),
        ({"role": "ward", "wards": [CHO_LON, "99999"]}, "no_such_ward", "/body/wards/1"),
        ({"role": "ward", "wards": ["79"]}, "no_such_ward", "/body/wards/0"),
        ({"role": "centre", "wards": [CHO_LON]}, "invalid_request", "/body/centre/wards"),
        ({"role": "volunteer"}, "invalid_request", "/body"),
        ({"role": "centre", "name": "a@example.test"}, "invalid_request", "/body/centre/name"),
    ],
)
async def test_user_without_a_fitting_role_is_refused(
    gate: Gate, new: dict[str, object], code: str, pointer: str
) -> None:
    admin = await gate.admin()

    answer = await gate.http.post("/users", json={"name": "mot.ten", **new}, headers=admin)

    assert told(answer) == code
    assert answer.json()["pointer"] == pointer


async def test_a_name_is_given_once(gate: Gate) -> None:
    admin = await gate.admin()
    new = {"name": "so.khcn", "role": "centre"}

    answers = [await gate.http.post("/users", json=new, headers=admin) for _ in range(2)]

    assert [told(answer) for answer in answers] == ["201", "user_name_taken"]


async def test_users_are_listed_without_anything_secret(gate: Gate) -> None:
    admin = await gate.admin()
    await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)

    listed = await gate.http.get("/users?limit=1", headers=admin)
    rest = await gate.http.get(f"/users?after={listed.json()['next']}", headers=admin)

    names = {user["name"] for page in (listed, rest) for user in page.json()["items"]}
    assert names == {"quantri", "cholon.dieuphoi"}
    assert "argon2" not in listed.text + rest.text


async def test_every_change_leaves_who_did_it_and_when(gate: Gate) -> None:
    admin = await gate.admin()
    user = await gate.user("cholon.dieuphoi", Role.WARD, CHO_LON)
    await sign_in(gate, "cholon.dieuphoi")

    await gate.http.delete(f"/users/{user}", headers=admin)

    lines = await gate.store.audit.about(user)
    assert [line.act for line in lines] == [Act.USER_MADE, Act.SESSION_BEGUN, Act.USER_DISABLED]
    assert [line.by for line in lines][:2] == ["/registration", f"/user/{user}"]
    assert all(line.at == gate.now for line in lines)


async def test_reading_what_is_personal_leaves_a_line_too(gate: Gate) -> None:
    await gate.access.note("/user/u-1", "citizen_read", "citizen-1")

    [line] = await gate.store.audit.about("citizen-1")
    assert (line.by, line.act, line.at) == ("/user/u-1", "citizen_read", gate.now)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer tnd_x", "Bearer tns_\x7f", "Basic dGVzdA=="]
)
async def test_what_is_no_token_opens_nothing(gate: Gate, header: str) -> None:
    answer = await gate.http.get("/teams", headers={"Authorization": header})

    assert told(answer) == "unauthenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_every_problem_here_speaks_both_languages() -> None:
    codes = {"wrong_password", "locked_out", "csrf_missing", "code_not_valid", "device_revoked"}

    kinds = [kind for kind in known_kinds() if kind.code in codes]

    assert {kind.code for kind in kinds} == codes
    assert all(kind.vi and kind.en and kind.vi != kind.en for kind in kinds)


@pytest.mark.parametrize(
    "guessable",
    [
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "123456789012",
        "qwertyuiop123",
        "zaq12wsxcde3",
        "Matkhau2026!!",
        "P@ssw0rd2025!",
        "hochiminh2025",
    ],
)
async def test_a_password_that_is_guessed_first_is_refused(gate: Gate, guessable: str) -> None:
    by = await gate.coordinator()

    changed = await gate.http.post(
        "/password", json={"old": PASSWORD, "new": guessable}, headers=by
    )

    assert told(changed) == "password_too_weak"


async def test_a_first_password_that_is_left_for_a_day_opens_nothing(gate: Gate) -> None:
    admin = await gate.admin()
    new = {"name": "cholon.moi", "role": "ward", "wards": [CHO_LON]}
    made = (await gate.http.post("/users", json=new, headers=admin)).json()
    gate.later(hours=24)

    late = await sign_in(gate, "cholon.moi", made["first_password"])
    wrong = await sign_in(gate, "cholon.moi", "sai")
    admin = authorization(await bearer_of(gate, "quantri"))
    again = await gate.http.post(f"/users/{made['user']['id']}/password", headers=admin)

    assert (late, wrong) == ("first_password_ended", "wrong_password")
    assert await sign_in(gate, "cholon.moi", again.json()["first_password"]) == "201"


async def test_the_last_administrator_who_can_sign_in_is_not_disabled(gate: Gate) -> None:
    admin = await gate.admin()
    own = (await gate.http.get("/session", headers=admin)).json()["user"]["id"]
    waiting = {"name": "quantri.hai", "role": "admin"}
    made = (await gate.http.post("/users", json=waiting, headers=admin)).json()

    alone = told(await gate.http.delete(f"/users/{own}", headers=admin))
    first = {"old": made["first_password"], "new": "một con vịt xoè ra"}
    other = authorization(await bearer_of(gate, "quantri.hai", made["first_password"]))
    await gate.http.post("/password", json=first, headers=other)

    assert alone == "last_administrator"
    assert told(await gate.http.delete(f"/users/{own}", headers=admin)) == "204"


async def test_what_was_tried_and_not_allowed_leaves_lines_without_names(gate: Gate) -> None:
    by = await gate.coordinator()
    for _ in range(12):
        await sign_in(gate, "lan.nguyen", "sai")
    await gate.http.post("/devices", json={"code": "BCG-HKL-MNP"})
    await gate.http.get("/users", headers=by)
    phone = await gate.phone(by)
    await gate.http.get("/devices", headers=phone)

    lines = gate.store.audit.lines
    acts = [line.act for line in lines]
    assert acts.count(Act.SIGN_IN_FAILED) == 10
    assert acts.count(Act.LOCKED_OUT) == 2
    assert acts.count(Act.CODE_REFUSED) == 1
    turned_away = [(line.by, line.about) for line in lines if line.act == Act.TURNED_AWAY]
    assert [about.rpartition("/")[2] for _, about in turned_away] == ["users", "devices"]
    assert turned_away[1][0].startswith("/device/")
    assert "lan" not in str(lines)


async def test_nobody_fills_the_audit_by_trying(gate: Gate) -> None:
    by = await gate.coordinator()
    for _ in range(100):
        await gate.http.get("/users", headers=by)

    assert [line.act for line in gate.store.audit.lines].count(Act.TURNED_AWAY) == 10


async def bearer_of(gate: Gate, name: str, password: str = PASSWORD) -> str:
    given = {"name": name, "password": password, "use": "bearer"}
    return str((await gate.http.post("/sessions", json=given)).json()["token"])
