"""Plays the storm, heals everything, and holds what was accepted against what is reported."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import orjson

from deploy.local.sentence import CannotRun
from services.platform.vietnam.wards import current
from tests.eventually import PATIENCE_S
from tests.faults.posters import Poster, knocks, posting, visits
from tests.faults.storm.claims import Claims
from tests.faults.storm.troubles import Trouble, troubles
from tests.faults.storm.world import PROCESSES, World
from tests.pipeline.people import Office, Phone, office_of

PHONES = 6
GAP_S = (0.5, 3.0)


@dataclass
class Outcome:
    """What a storm came to."""

    seed: int
    seconds: float
    troubles: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    sms: int = 0
    sms_twice: int = 0
    differences: str = ""
    claims: int = 0
    unsaid: int = 0
    false_claims: Sequence[str] = ()
    longest_stall_s: float = 0
    healed_s: float = 0

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing twice, nothing claimed too early."""
        right = ", 0 with differences" in self.differences
        return right and not (self.lost or self.doubled or self.sms_twice or self.false_claims)

    def table(self) -> str:
        """As docs/trust/storm.md has it."""
        rows = [
            ("seed", self.seed),
            ("seconds of storm", round(self.seconds)),
            *((f"trouble: {name}", count) for name, count in sorted(self.troubles.items())),
            ("events acknowledged", self.acknowledged),
            ("lost", self.lost),
            ("counted twice", self.doubled),
            ("SMS that left", self.sms),
            ("SMS that left twice", self.sms_twice),
            ("answers held against what had been acknowledged", self.claims),
            ("answers that could not say how far they are true", self.unsaid),
            ("false claims", len(self.false_claims)),
            ('longest time that "true as of" stood still, s', round(self.longest_stall_s)),
            ("seconds from the end of the storm until all was reported", round(self.healed_s)),
        ]
        lines = [f"| {name} | {value:,} |" for name, value in rows]
        return "\n".join(["| | |", "|---|--:|", *lines])


def rage(world: World, *, seconds: float, seed: int, longest_s: float) -> Outcome:
    """Raises: AssertionError where the phones were told something that cannot be."""
    draw, outcome = Random(seed), Outcome(seed, seconds)
    office = office_of(world.services)
    posters = [Poster(phone, f"{seed} {phone.ward}") for phone in _phones(office)]
    claims = Claims(world.services, posters)
    with posting(posters):
        claims.start()
        try:
            _storm(world, draw, outcome, time.monotonic() + seconds, longest_s)
            calm = time.monotonic()
            _heal(world)
            _again(claims.require_some)
        finally:
            claims.finish()
    _judge(world, office, posters, outcome)
    outcome.healed_s = time.monotonic() - calm
    outcome.claims, outcome.unsaid = claims.checked, claims.unsaid
    outcome.false_claims = claims.false
    outcome.longest_stall_s = claims.longest_stall.total_seconds()
    office.close()
    for poster in posters:
        poster.phone.close()
    return outcome


def _phones(office: Office) -> list[Phone]:
    codes = [ward.code for ward in current()][:: len(current()) // PHONES]
    return [office.new_team(code).phone() for code in codes[:PHONES]]


def _storm(world: World, draw: Random, outcome: Outcome, until: float, longest_s: float) -> None:
    for trouble in troubles(draw, longest_s=longest_s):
        if time.monotonic() + trouble.seconds > until:
            return
        _play(world, trouble)
        outcome.troubles[trouble.name] += 1
        time.sleep(draw.uniform(*GAP_S))


def _play(world: World, trouble: Trouble) -> None:
    trouble.begin(world)
    time.sleep(trouble.seconds)
    _again(lambda: trouble.end(world))
    if trouble.loses_messages:
        _again(world.publish_again)


def _again(act: Callable[[], None]) -> None:
    """An operator tries until it is done; a part may be on its way back."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            act()
        except (AssertionError, CannotRun, httpx.HTTPError, OSError):
            if time.monotonic() > until:
                raise
        else:
            return
        time.sleep(1)


def _heal(world: World) -> None:
    for name in PROCESSES:
        child = world.services.running.get(name)
        if child is None or not child.running():
            world.start_process(name)
    for name in PROCESSES:
        world.services.wait_for(name)
    _again(world.publish_again)


def _judge(world: World, office: Office, posters: Sequence[Poster], outcome: Outcome) -> None:
    outcome.acknowledged = sum(len(poster.ledger.accepted) for poster in posters)
    until = time.monotonic() + PATIENCE_S
    while any(_compared(office, p)[0] for p in posters) and time.monotonic() < until:
        time.sleep(1)
    for poster in posters:
        lost, doubled = _compared(office, poster)
        outcome.lost += lost
        outcome.doubled += doubled
    outcome.differences = world.services.command("reporting", "verify")
    sent = [sms["request_id"].rpartition("-")[0] for sms in _left(world)]
    outcome.sms, outcome.sms_twice = len(sent), len(sent) - len(set(sent))


def _compared(office: Office, poster: Poster) -> tuple[int, int]:
    """Visits and doors that are lacking in the figures, and that are too many."""
    standing = poster.ledger.standing
    total = office.centre.read("reports/overview", ward=poster.phone.ward)["total"]["figures"]
    behind = [
        len(visits(standing)) - total["visits"],
        len(knocks(standing)) - total["doors"],
    ]
    return sum(max(n, 0) for n in behind), sum(max(-n, 0) for n in behind)


def _left(world: World) -> list[dict[str, Any]]:
    """SMS that the console wrote down; a line that a kill cut short never left."""
    lines = (world.services.folder / "sms.jsonl").read_bytes().splitlines()
    return [orjson.loads(line) for line in lines if line.endswith(b"}")]
