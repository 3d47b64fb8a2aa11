"""One suite for all that access keeps, run on the twin and on MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.platform.mongo import connect
from services.registration.access.records import (
    Act,
    Attempts,
    Change,
    DeviceRecord,
    Enrolment,
    Key,
    Session,
    User,
)
from services.registration.access.store import AccessStore, MongoAccessStore
from services.registration.subjects.actor import Role
from tests.builders import CHO_LON, HOA_HUNG, number
from tests.twins.access_store import AccessStoreTwin

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


def change(act: Act, about: str, at: datetime = NOON) -> Change:
    return Change(act, "/user/u-1", about, at)


def a_user(name: str = "", wards: tuple[str, ...] | None = (CHO_LON,)) -> User:
    n = number()
    return User(f"u-{n}", name or f"office-{n}", Role.WARD, wards, "hash", True, NOON)


def a_session(user: User) -> Session:
    return Session(f"hash-{number()}", user.id, NOON, NOON, NOON + timedelta(days=3650))


def an_enrolment(code_hash: str = "") -> Enrolment:
    n = number()
    ends_at = NOON + timedelta(minutes=10)
    return Enrolment(
        id=f"e-{n}",
        code_hash=code_hash or f"code-{n}",
        team_id="team-1",
        ward=CHO_LON,
        since="2025-07-01",
        label="",
        made_by="/user/u-1",
        made_at=NOON,
        ends_at=ends_at,
    )


def a_device(ward: str = CHO_LON) -> DeviceRecord:
    n = number()
    since = "2025-07-01"
    return DeviceRecord(f"d-{n:06}", f"t-{n}", "team-1", ward, since, "", NOON, "/user/u-1")


def a_key(wards: tuple[str, ...] | None = (CHO_LON,)) -> Key:
    n = number()
    return Key(
        id=f"i-{n:06}",
        token_hash=f"t-{n}",
        kind=Role.INTEGRATOR,
        name="Cổng",
        types=("signature.issued.v1",),
        wards=wards,
        service_point_id=None,
        made_at=NOON,
        made_by="/user/u-1",
        ends_at=NOON + timedelta(days=30),
    )


class AccessStoreContract:
    """What both promise."""

    async def test_user_is_found_by_id_and_by_name(self, store: AccessStore) -> None:
        user, centre = a_user(), a_user(wards=None)
        await store.staff.add_user(user, change(Act.USER_MADE, user.id))
        await store.staff.add_user(centre, change(Act.USER_MADE, centre.id))

        assert await store.staff.user(user.id) == user
        assert await store.staff.user_named(centre.name) == centre
        assert await store.staff.user("u-nobody") is None
        assert await store.staff.user_named("nobody") is None

    async def test_name_that_is_taken_leaves_no_trace(self, store: AccessStore) -> None:
        first, second = a_user("cholon"), a_user("cholon")
        await store.staff.add_user(first, change(Act.USER_MADE, first.id))

        assert not await store.staff.add_user(second, change(Act.USER_MADE, second.id))

        assert await store.staff.user_named("cholon") == first
        assert await store.audit.about(second.id) == []

    async def test_users_come_page_by_page(self, store: AccessStore) -> None:
        users = sorted((a_user() for _ in range(3)), key=lambda user: user.id)
        for user in users:
            await store.staff.add_user(user, change(Act.USER_MADE, user.id))

        assert await store.staff.users("", 2) == users[:2]
        assert await store.staff.users(users[1].id, 2) == users[2:]

    async def test_new_password_ends_all_sessions_of_the_user(self, store: AccessStore) -> None:
        user, other = a_user(), a_user()
        sessions = [a_session(user), a_session(user), a_session(other)]
        await store.staff.add_user(user, change(Act.USER_MADE, user.id))
        for session in sessions:
            await store.staff.add_session(session, change(Act.SESSION_BEGUN, session.user_id))

        changed = change(Act.PASSWORD_CHANGED, user.id)
        assert await store.staff.set_password(user.id, "new", changed, must_change=False)

        kept = [await store.staff.session(session.id) for session in sessions]
        assert kept == [None, None, sessions[2]]
        found = await store.staff.user(user.id)
        assert found == replace(user, password_hash="new", must_change=False, password_at=NOON)

    async def test_nobody_gets_no_password(self, store: AccessStore) -> None:
        changed = change(Act.PASSWORD_CHANGED, "u-nobody")

        assert not await store.staff.set_password("u-nobody", "new", changed, must_change=False)

        assert await store.audit.about("u-nobody") == []

    async def test_password_is_renewed_only_where_it_is_still_the_one(
        self, store: AccessStore
    ) -> None:
        user = a_user()
        await store.staff.add_user(user, change(Act.USER_MADE, user.id))

        await store.staff.renew_password(user.id, "another", "lost")
        await store.staff.renew_password(user.id, "hash", "renewed")

        assert await store.staff.user(user.id) == replace(user, password_hash="renewed")

    async def test_user_is_disabled_once(self, store: AccessStore) -> None:
        user = a_user()
        await store.staff.add_user(user, change(Act.USER_MADE, user.id))
        session = a_session(user)
        await store.staff.add_session(session, change(Act.SESSION_BEGUN, user.id))
        disabled = change(Act.USER_DISABLED, user.id, NOON + timedelta(hours=1))

        assert await store.staff.disable_user(user.id, disabled)
        assert not await store.staff.disable_user(user.id, disabled)

        assert await store.staff.session(session.id) is None
        acts = [line.act for line in await store.audit.about(user.id)]
        assert acts == [Act.USER_MADE, Act.SESSION_BEGUN, Act.USER_DISABLED]

    async def test_session_that_was_seen_later_stays_seen_later(self, store: AccessStore) -> None:
        session = a_session(a_user())
        await store.staff.add_session(session, change(Act.SESSION_BEGUN, session.user_id))

        await store.staff.saw(session.id, NOON + timedelta(hours=1))
        await store.staff.saw(session.id, NOON)

        found = await store.staff.session(session.id)
        assert found == replace(session, seen_at=NOON + timedelta(hours=1))

    async def test_session_ends_once(self, store: AccessStore) -> None:
        session = a_session(a_user())
        await store.staff.add_session(session, change(Act.SESSION_BEGUN, session.user_id))
        ended = change(Act.SESSION_ENDED, session.user_id)

        assert await store.staff.end_session(session.id, ended)
        assert not await store.staff.end_session(session.id, ended)

        assert await store.staff.session(session.id) is None
        assert (await store.audit.about(session.user_id)).count(ended) == 1

    async def test_attempt_is_noted_by_one_of_many_who_read_the_same(
        self, store: AccessStore
    ) -> None:
        first, second = Attempts(1, NOON), Attempts(2, NOON)
        for before, after in ((None, first), (first, second)):
            noted = await asyncio.gather(
                *(store.staff.note_attempt("name", before, after) for _ in range(8))
            )
            assert noted.count(True) == 1

        assert await store.staff.attempts("name") == second
        await store.staff.forget_attempts("name")
        assert await store.staff.attempts("name") is None

    async def test_attempts_at_a_name_are_forgotten_with_all_that_clients_made(
        self, store: AccessStore
    ) -> None:
        for key in ("ab", "ab/one", "ab/two", "ab0", "a", "abc/one"):
            await store.staff.note_attempt(key, None, Attempts(1, NOON))

        await store.staff.forget_attempts("ab/one")
        assert await store.staff.attempts("ab/two")
        await store.staff.forget_attempts("ab")

        left = [k for k in ("ab", "ab/two", "ab0", "a", "abc/one") if await store.staff.attempts(k)]
        assert left == ["ab0", "a", "abc/one"]

    async def test_attempt_that_was_right_is_taken_back(self, store: AccessStore) -> None:
        await store.staff.note_attempt("name", None, Attempts(3, NOON))

        await store.staff.forgive_attempt("name")
        await store.staff.forgive_attempt("nobody")

        assert await store.staff.attempts("name") == Attempts(2, NOON)

    async def test_code_lets_in_one_of_many_who_send_it(self, store: AccessStore) -> None:
        enrolment, devices = an_enrolment(), [a_device() for _ in range(8)]
        await store.tokens.add_enrolment(enrolment, change(Act.ENROLMENT_MADE, enrolment.id))

        enrolled = await asyncio.gather(
            *(
                store.tokens.enrol(enrolment.id, device, change(Act.DEVICE_ENROLLED, device.id))
                for device in devices
            )
        )

        assert enrolled.count(True) == 1
        listed = await store.tokens.devices(None, "", 10)
        assert listed == [devices[enrolled.index(True)]]
        used = await store.tokens.enrolment(enrolment.id)
        assert used == replace(enrolment, used_at=NOON, device_id=listed[0].id)

    async def test_device_that_is_let_in_again_has_one_token(self, store: AccessStore) -> None:
        enrolment, device = an_enrolment(), a_device()
        await store.tokens.add_enrolment(enrolment, change(Act.ENROLMENT_MADE, enrolment.id))
        enrolled = change(Act.DEVICE_ENROLLED, device.id)
        await store.tokens.enrol(enrolment.id, device, enrolled, "nonce")

        again = change(Act.DEVICE_READMITTED, device.id)
        assert await store.tokens.readmit(device.id, f"new-{device.id}", again)

        used = await store.tokens.enrolment(enrolment.id)
        assert used
        assert (used.device_id, used.nonce_hash) == (device.id, "nonce")
        assert await store.tokens.device_of(device.token_hash) is None
        found = await store.tokens.device_of(f"new-{device.id}")
        assert found == replace(device, token_hash=f"new-{device.id}")

    async def test_revoked_device_is_not_let_in_again(self, store: AccessStore) -> None:
        enrolment, device = an_enrolment(), a_device()
        await store.tokens.add_enrolment(enrolment, change(Act.ENROLMENT_MADE, enrolment.id))
        await store.tokens.enrol(enrolment.id, device, change(Act.DEVICE_ENROLLED, device.id))
        await store.tokens.revoke_device(device.id, change(Act.DEVICE_REVOKED, device.id))

        again = change(Act.DEVICE_READMITTED, device.id)
        assert not await store.tokens.readmit(device.id, "new", again)

    async def test_expired_code_lets_nobody_in(self, store: AccessStore) -> None:
        enrolment, device = an_enrolment(), a_device()
        await store.tokens.add_enrolment(enrolment, change(Act.ENROLMENT_MADE, enrolment.id))

        late = change(Act.DEVICE_ENROLLED, device.id, enrolment.ends_at)
        assert not await store.tokens.enrol(enrolment.id, device, late)

        assert await store.tokens.device(device.id) is None
        assert await store.audit.about(device.id) == []

    async def test_code_that_came_up_again_means_the_newest(self, store: AccessStore) -> None:
        first = an_enrolment("code")
        second = replace(an_enrolment("code"), made_at=NOON + timedelta(minutes=1))
        for enrolment in (second, first):
            await store.tokens.add_enrolment(enrolment, change(Act.ENROLMENT_MADE, enrolment.id))

        assert await store.tokens.enrolment_of("code") == second
        assert await store.tokens.enrolment_of("another") is None

    async def test_device_is_found_by_its_token_and_revoked_once(self, store: AccessStore) -> None:
        device = await self.enrolled(store, a_device())
        revoked = change(Act.DEVICE_REVOKED, device.id)

        assert await store.tokens.device_of(device.token_hash) == device
        assert await store.tokens.revoke_device(device.id, revoked)
        assert not await store.tokens.revoke_device(device.id, revoked)

        found = await store.tokens.device(device.id)
        assert found == replace(device, revoked_at=NOON)
        assert [line.act for line in await store.audit.about(device.id)][-1] == Act.DEVICE_REVOKED

    async def test_devices_are_listed_by_ward(self, store: AccessStore) -> None:
        devices = [await self.enrolled(store, a_device(w)) for w in (CHO_LON, HOA_HUNG, CHO_LON)]

        assert await store.tokens.devices([CHO_LON], "", 10) == [devices[0], devices[2]]
        assert await store.tokens.devices([CHO_LON], devices[0].id, 10) == [devices[2]]
        assert await store.tokens.devices(None, "", 2) == devices[:2]
        assert await store.tokens.devices([], "", 2) == []

    async def test_two_administrators_who_disable_each_other_leave_one(
        self, store: AccessStore
    ) -> None:
        both = [replace(a_user(), role=Role.ADMIN, must_change=False) for _ in range(2)]
        for user in both:
            await store.staff.add_user(user, change(Act.USER_MADE, user.id))

        done = await asyncio.gather(
            *(store.staff.disable_user(u.id, change(Act.USER_DISABLED, u.id)) for u in both)
        )

        assert sorted(done) == [False, True]

    async def test_key_is_found_by_its_token_and_revoked_once(self, store: AccessStore) -> None:
        key = a_key()
        await store.tokens.add_key(key, change(Act.KEY_MADE, key.id))
        revoked = change(Act.KEY_REVOKED, key.id)

        assert await store.tokens.key_of(key.token_hash) == key
        assert await store.tokens.key_of("another") is None
        assert await store.tokens.revoke_key(key.id, revoked)
        assert not await store.tokens.revoke_key(key.id, revoked)

        assert await store.tokens.key(key.id) == replace(key, revoked_at=NOON)

    async def test_keys_are_listed_by_ward(self, store: AccessStore) -> None:
        keys = [a_key((CHO_LON, HOA_HUNG)), a_key(None), a_key((HOA_HUNG,))]
        for key in keys:
            await store.tokens.add_key(key, change(Act.KEY_MADE, key.id))

        assert await store.tokens.keys([CHO_LON], "", 10) == keys[:1]
        assert await store.tokens.keys(None, keys[0].id, 10) == keys[1:]

    async def test_note_stands_by_itself_in_the_audit(self, store: AccessStore) -> None:
        lines = [
            Change("citizen_read", "/user/u-1", "citizen-1", NOON + n * timedelta(seconds=1))
            for n in range(2)
        ]

        for line in reversed(lines):
            await store.audit.note(line)

        assert await store.audit.about("citizen-1") == lines

    async def enrolled(self, store: AccessStore, device: DeviceRecord) -> DeviceRecord:
        enrolment = an_enrolment()
        await store.tokens.add_enrolment(enrolment, change(Act.ENROLMENT_MADE, enrolment.id))
        done = change(Act.DEVICE_ENROLLED, device.id)
        assert await store.tokens.enrol(enrolment.id, device, done)
        return device


class TestAccessStoreTwin(AccessStoreContract):
    @pytest.fixture
    def store(self) -> AccessStoreTwin:
        return AccessStoreTwin()


class TestMongoAccessStore(AccessStoreContract):
    @pytest.fixture
    async def store(self, mongo_url: str, database_name: str) -> AsyncIterator[MongoAccessStore]:
        client = connect(mongo_url)
        store = MongoAccessStore(client[database_name])
        await store.ensure_indexes()
        yield store
        client.close()

    async def test_database_forgets_sessions_codes_and_attempts(
        self, store: MongoAccessStore, mongo_url: str, database_name: str
    ) -> None:
        client = connect(mongo_url)
        database = client[database_name]

        ages = {
            name: index["expireAfterSeconds"]
            for name in ("sessions", "enrolments", "attempts")
            for index in (await database[name].index_information()).values()
            if "expireAfterSeconds" in index
        }

        assert ages == {"sessions": 0, "enrolments": 86_400, "attempts": 3_600}
        client.close()
