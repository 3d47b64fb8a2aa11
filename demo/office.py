"""The offices: who signs in, what they decide, and how phones are let in."""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from demo.first_admin import make_admin
from demo.foundation import Steps
from demo.memory import Key, Memory
from demo.phones import post_events
from demo.progress import Progress
from demo.record import Record
from demo.results import Results
from demo.server import REGISTRATION, CannotPlay, Refused, Server
from demo.setting import Phone
from demo.uploads import Planned, Sent

AT_ONCE = 8
LETTER = 40
"""Decided events in one request: each is judged and written by itself."""
WRONG_PASSWORD = "wrong_password"  # noqa: S105


class Login(NamedTuple):
    """A name and a password that somebody gave."""

    name: str
    password: str


class Office:
    """The city's centre; its administrator makes it a user and does nothing else."""

    def __init__(self, registration: Server, memory: Memory, results: Results) -> None:
        self._registration = registration
        self._memory = memory
        self._results = results
        self._centre = Key("", "")

    async def sign_in(self, seed: int, given: Login | None = None) -> None:
        """As the centre, which is made when it is not there yet. Raises: CannotPlay."""
        name = f"minhhoa.trungtam.{seed}"
        known = self._memory.users.get(name)
        if known and await self._opens(name, known.secret):
            return
        if known:  # of a database that is gone
            self._memory.forget()
        admin = given or self._admin(f"minhhoa.quantri.{seed}")
        token, _ = await self._session(admin.name, admin.password)
        await self._make_centre(name, token)

    async def token_for(self, audience: str) -> str:
        """A signed token of five minutes for one of the other services."""
        path = f"{REGISTRATION}/tokens"
        answer = await self._registration.post(path, {"audience": audience}, self._centre.secret)
        return str(answer["token"])

    async def has(self, kind: str, id_: str = "") -> bool:
        """Whether there is this row; without an id, whether there is any of this kind."""
        path = f"{REGISTRATION}/{kind}"
        try:
            if id_:
                return bool(await self._registration.get(f"{path}/{id_}", self._centre.secret))
            page = await self._registration.get(path, self._centre.secret, limit="1")
            return bool(page["items"])
        except Refused as refused:
            if refused.status == 404:
                return False
            raise

    async def decide(self, steps: Steps, now: datetime, progress: Progress) -> None:
        """Step by step; what stands in one step is posted several letters at a time."""
        for step in steps:
            turns = asyncio.Semaphore(AT_ONCE)
            async with asyncio.TaskGroup() as group:
                for letter in _letters(step):
                    group.create_task(self._post(letter, now, turns, progress))

    async def let_in(self, phones: Sequence[Phone], progress: Progress) -> None:
        """A code for each phone that has no token yet, which the phone then uses up."""
        turns = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for phone in phones:
                group.create_task(self._enrol(phone, turns, progress))

    async def enrol(self, team_id: str, name: str) -> Key:
        """A phone of the team, let in with a one-time code."""
        asked = {"team_id": team_id, "label": name[-40:]}
        path = f"{REGISTRATION}/enrolments"
        made = await self._registration.post(path, asked, self._centre.secret)
        device = await self._registration.post(f"{REGISTRATION}/devices", {"code": made["code"]})
        return Key(device["source"], device["token"])

    async def team_of(self, ward: str) -> str:
        """The id of one that stands. Raises: CannotPlay where there is none."""
        path = f"{REGISTRATION}/teams"
        found = await self._registration.get(path, self._centre.secret, ward=ward)
        standing = (team["id"] for team in found["items"] if not team["disbanded_on"])
        if team := next(standing, None):
            return str(team)
        raise CannotPlay(f"Phường {ward} chưa có tổ nào.", f"Ward {ward} has no team yet.")

    async def _post(
        self, letter: Sequence[Record], now: datetime, turns: asyncio.Semaphore, progress: Progress
    ) -> None:
        async with turns:
            source, token = self._centre
            bodies = [record.body(source) for record in letter]
            answer = await post_events(self._registration, bodies, token, now, now)
        sent = [Sent(record, Planned.ACCEPTED) for record in letter]
        self._results.note(source, sent, answer)
        progress.advance(len(letter))

    async def _enrol(self, phone: Phone, turns: asyncio.Semaphore, progress: Progress) -> None:
        async with turns:
            if phone.name not in self._memory.phones:
                self._memory.phone(phone.name, await self.enrol(phone.team.id, phone.name))
        progress.advance(1)

    def _admin(self, name: str) -> Login:
        known = self._memory.users.get(name)
        password = known.secret if known else make_admin(name)
        if not known:
            self._memory.user(name, Key("", password))
        return Login(name, password)

    async def _make_centre(self, name: str, admin_token: str) -> None:
        new = {"name": name, "role": "centre"}
        made = await self._registration.post(f"{REGISTRATION}/users", new, admin_token)
        first, password = made["first_password"], secrets.token_urlsafe(24)
        token, _ = await self._session(name, first)
        change = {"old": first, "new": password}
        await self._registration.post(f"{REGISTRATION}/password", change, token)
        self._memory.user(name, Key(made["user"]["source"], password))
        await self._opens(name, password)

    async def _opens(self, name: str, password: str) -> bool:
        try:
            token, source = await self._session(name, password)
        except CannotPlay:
            return False
        self._centre = Key(source, token)
        return True

    async def _session(self, name: str, password: str) -> tuple[str, str]:
        """A token and the `source` of whoever has it. Raises: CannotPlay."""
        given = {"name": name, "password": password, "use": "bearer"}
        try:
            session = await self._registration.post(f"{REGISTRATION}/sessions", given)
        except Refused as refused:
            if refused.code != WRONG_PASSWORD:
                raise
            raise CannotPlay(
                f"Mật khẩu của '{name}' không đúng.", f"The password of '{name}' is not right."
            ) from None
        return str(session["token"]), str(session["user"]["source"])


def _letters(step: Sequence[Record]) -> Iterator[Sequence[Record]]:
    """All of one subject in one letter, so that its writers do not wait for each other."""
    letter: list[Record] = []
    for record in step:
        if len(letter) >= LETTER and record.subject != letter[-1].subject:
            yield letter
            letter = []
        letter.append(record)
    if letter:
        yield letter
