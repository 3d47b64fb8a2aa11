"""Registration's pure parts alone: what it would answer to each body, without any server."""

from collections import defaultdict
from datetime import date, datetime

import orjson

from demo.parameters import FIRST_DAY, HISTORY_DAY
from demo.setting import Phone, Team
from services.events.envelope import Event
from services.platform.clock import utc_now
from services.platform.problems import Problem
from services.registration.access.actor import Device, Staff
from services.registration.access.scope import Place, SentPeriod, TeamScope
from services.registration.citizens.candidate import Candidates
from services.registration.citizens.identity import Hasher
from services.registration.citizens.vault import Keys, Vault
from services.registration.directory.rules import ward_problem
from services.registration.intake.clock_correction import EARLIEST, upload_offset
from services.registration.intake.judge import Rules, judge
from services.registration.intake.parse import parse
from services.registration.slices import SUBJECTS
from services.registration.subjects.actor import Actor, Role
from services.registration.subjects.deciding import decide
from services.registration.subjects.naming import subject_of
from services.registration.subjects.subject import Decided

KEY = bytes(32)
CENTRE = Staff("/user/u-1", Role.CENTRE)


class RegistrationRules:
    """Remembers decided events by subject, as the log does."""

    def __init__(self) -> None:
        self._rules = Rules(SUBJECTS, ward_problem, EARLIEST)
        self._candidates = Candidates(Hasher(KEY), Vault(Keys(KEY, KEY, KEY)))
        self._histories = defaultdict[tuple[str, str], list[Event]](list)

    def answer(self, body: bytes, actor: Actor, now: datetime, device_time: datetime) -> str:
        """`accepted`, or the code of what is wrong."""
        try:
            event = self._parsed(body, now)
            offset = upload_offset(device_time, now)
            self._decide(judge(event, actor, self._rules, offset, now))
        except Problem as problem:
            return problem.kind.code
        return "accepted"

    def _parsed(self, body: bytes, now: datetime) -> Event:
        return parse(
            orjson.loads(body),
            KEY,
            lambda person, ward, id_, wanted, needed: self._candidates.of(
                person, ward, id_, wanted, utc_now(), needed
            ),
            now,
        ).event

    def _decide(self, event: Event) -> None:
        subject = SUBJECTS[type(event)]
        if not isinstance(subject, Decided):
            return
        about = subject_of(event, lambda citizen_id, _: citizen_id)
        history = self._histories[subject.kind, about]
        decide(subject, history, event)
        history.append(event)


def device_of(phone: Phone, source: str) -> Device:
    """The phone as access knows it once its team is deployed."""
    team = phone.team
    return Device(source, team.id, _scope(team), _places(team))


def _scope(team: Team) -> TeamScope:
    since = _since(team)
    return TeamScope(
        ward=team.ward,
        since=since,
        neighbourhood_id=team.neighbourhood_id,
        deployments=(SentPeriod(from_day=since, places=tuple(_places(team))),),
    )


def _places(team: Team) -> dict[str, Place]:
    named = (team.neighbourhood_id, team.service_point_id)
    return {place: Place(ward=team.ward, since=_since(team)) for place in named if place}


def _since(team: Team) -> date:
    return HISTORY_DAY if team.id.endswith("2025-03") else FIRST_DAY
