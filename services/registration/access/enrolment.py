"""Devices: let in by a code that a coordinator shows once, and revoked when a phone is lost."""

import hmac
import io
import math
from datetime import date, timedelta
from typing import NamedTuple

import segno

from services.events.teams import TEAMS
from services.platform.clock import Clock
from services.platform.ids import random_id
from services.platform.problems import FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, Problem
from services.platform.vietnam.wards import Ward, ward_at
from services.registration.access.actor import Staff
from services.registration.access.callers import CallerCache
from services.registration.access.problems import CODE_NOT_VALID, TEAM_ENDED
from services.registration.access.rate import Buckets
from services.registration.access.records import Act, Change, DeviceRecord, Enrolment
from services.registration.access.scope import TeamScope
from services.registration.access.token_store import TokenStore
from services.registration.access.tokens import Codes, Prefix, new_token, token_hash
from services.registration.subjects.rows import Rows

CODE_LIFE = timedelta(minutes=10)
WRONG_A_MINUTE = 6
WRONG_AT_ONCE = 20
"""Wrong codes from one network, before it is told to wait. A right one passes even then: behind one
address may be a whole ward. What keeps guesses out is the code: 44 bits for ten minutes, so that a
thousand guesses a second at a thousand open codes find one in nine months (RFC 8628, 5.1)."""


class Invitation(NamedTuple):
    """An enrolment with its code."""

    enrolment: Enrolment
    code: str


class Enrolled(NamedTuple):
    """A device with its token, which nobody is told again."""

    device: DeviceRecord
    token: str


class Enrolments:
    """Codes, and the devices that they let in; each change leaves a line in the audit."""

    def __init__(
        self, store: TokenStore, rows: Rows, callers: CallerCache, codes: Codes, clock: Clock
    ) -> None:
        self._store = store
        self._rows = rows
        self._callers = callers
        self._codes = codes
        self._clock = clock
        self._wrong = Buckets(WRONG_A_MINUTE / 60, WRONG_AT_ONCE)

    async def invite(self, team_id: str, label: str, by: Staff) -> Invitation:
        """A code for one device of this team. Raises: Problem."""
        row = await self._rows.get(TEAMS, team_id)
        if row is None:
            raise Problem(NOT_FOUND, "/body/team_id")
        team = TeamScope.model_validate(row.state)
        if not by.runs(team.unit):
            raise Problem(FORBIDDEN, "/body/team_id")
        if team.disbanded_on:
            raise Problem(TEAM_ENDED, "/body/team_id")
        enrolment = self._enrolment(team_id, team, label, by)
        change = Change(Act.ENROLMENT_MADE, by.source, enrolment.id, enrolment.made_at)
        await self._store.add_enrolment(enrolment, change)
        return Invitation(enrolment, self._codes.code(enrolment.id))

    async def qr(self, enrolment_id: str, by: Staff) -> bytes:
        """The code as an SVG; nothing but the code stands in it. Raises: Problem."""
        found = await self._store.enrolment(enrolment_id)
        if found is None or not by.runs(_unit(found)):
            raise Problem(NOT_FOUND, "/path/id")
        if found.used_at or found.ends_at <= self._clock():
            raise Problem(CODE_NOT_VALID, "/path/id")
        return _drawn(self._codes.code(enrolment_id))

    async def enrol(self, code: str, nonce: str, network: str) -> Enrolled:
        """Uses the code up; the phone that did, by its nonce, may come again. Raises: Problem."""
        found = await self._store.enrolment_of(self._codes.hash(code))
        enrolled = await self._let_in(found, nonce) if found else None
        if enrolled is None and found and nonce:
            enrolled = await self._let_in_again(found.id, nonce)
        if enrolled is None:
            if wait := self._wrong.take(network, self._clock().timestamp()):
                raise Problem(TOO_MANY_REQUESTS, headers={"Retry-After": str(math.ceil(wait))})
            raise Problem(CODE_NOT_VALID, "/body/code")
        return enrolled

    async def revoke(self, device_id: str, by: Staff) -> None:
        """What it still sends is refused, and kept for the ward. Raises: Problem."""
        device = await self._store.device(device_id)
        if device is None or not by.runs(_unit(device)):
            raise Problem(NOT_FOUND, "/path/id")
        change = Change(Act.DEVICE_REVOKED, by.source, device_id, self._clock())
        await self._store.revoke_device(device_id, change)
        self._callers.forget()

    async def _let_in(self, enrolment: Enrolment, nonce: str) -> Enrolled | None:
        now, token = self._clock(), new_token(Prefix.DEVICE)
        device = DeviceRecord(
            id=random_id("d"),
            token_hash=token_hash(token),
            team_id=enrolment.team_id,
            ward=enrolment.ward,
            since=enrolment.since,
            label=enrolment.label,
            enrolled_at=now,
            enrolled_by=enrolment.made_by,
        )
        change = Change(Act.DEVICE_ENROLLED, enrolment.made_by, device.id, now)
        nonce_hash = token_hash(nonce) if nonce else ""
        done = await self._store.enrol(enrolment.id, device, change, nonce_hash)
        return Enrolled(device, token) if done else None

    async def _let_in_again(self, enrolment_id: str, nonce: str) -> Enrolled | None:
        """The answer was lost: the same device, with a token that nobody else has heard."""
        now, token = self._clock(), new_token(Prefix.DEVICE)
        used = await self._store.enrolment(enrolment_id)
        if used is None or used.device_id is None or used.ends_at <= now:
            return None
        if not hmac.compare_digest(used.nonce_hash, token_hash(nonce)):
            return None
        change = Change(Act.DEVICE_READMITTED, used.made_by, used.device_id, now)
        await self._store.readmit(used.device_id, token_hash(token), change)
        self._callers.forget()
        device = await self._store.device(used.device_id)
        return Enrolled(device, token) if device and not device.revoked_at else None

    def _enrolment(self, team_id: str, team: TeamScope, label: str, by: Staff) -> Enrolment:
        id_, now = random_id("e"), self._clock()
        return Enrolment(
            id=id_,
            code_hash=self._codes.hash(self._codes.code(id_)),
            team_id=team_id,
            ward=team.ward,
            since=team.since.isoformat(),
            label=label,
            made_by=by.source,
            made_at=now,
            ends_at=now + CODE_LIFE,
        )


def _unit(of: Enrolment | DeviceRecord) -> Ward | None:
    return ward_at(of.ward, date.fromisoformat(of.since))


def _drawn(code: str) -> bytes:
    drawn = io.BytesIO()
    segno.make_qr(code, error="m").save(drawn, kind="svg", scale=8, xmldecl=False, title=None)
    return drawn.getvalue()
