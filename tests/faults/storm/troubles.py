"""What the storm does, each with what ends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.faults.storm.world import PROCESSES, QUEUES, World

HOUR_S = 3_600
SERVERS = ("mongod", "broker")


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong for a while."""

    name: str
    part: str
    seconds: float
    begin: Callable[[World], None]
    end: Callable[[World], None]
    loses_messages: bool = False
    """An operator has to publish what was lost once more."""


def troubles(draw: Random, *, longest_s: float) -> Iterator[Trouble]:
    """Every kind comes, then every kind again, in another order, to another part."""
    while True:
        kinds = [_kill, _pause, _kill_server, _pause_server, _delete, _purge, _fill, _clock, _away]
        for kind in draw.sample(kinds, len(kinds)):
            yield kind(draw, longest_s)


def _kill(draw: Random, longest_s: float) -> Trouble:
    return _killed(draw.choice(PROCESSES), draw.uniform(0, longest_s / 2))


def _kill_server(draw: Random, longest_s: float) -> Trouble:
    return _killed(draw.choice(SERVERS), draw.uniform(0, longest_s / 2))


def _away(_: Random, longest_s: float) -> Trouble:
    """Longer than a transaction is tried again."""
    return _killed("mongod", 1.5 * longest_s, "database away")


def _killed(part: str, seconds: float, name: str = "kill -9") -> Trouble:
    return Trouble(name, part, seconds, lambda w: w.kill(part), lambda w: w.revive(part))


def _pause(draw: Random, longest_s: float) -> Trouble:
    return _paused(draw.choice(PROCESSES), draw.uniform(longest_s / 4, longest_s))


def _pause_server(draw: Random, longest_s: float) -> Trouble:
    return _paused(draw.choice(SERVERS), draw.uniform(1, longest_s / 2))


def _paused(part: str, seconds: float) -> Trouble:
    return Trouble("SIGSTOP", part, seconds, lambda w: w.pause(part), lambda w: w.resume(part))


def _delete(draw: Random, longest_s: float) -> Trouble:
    queue = draw.choice(QUEUES)
    return Trouble(
        "queue deleted",
        queue,
        draw.uniform(1, longest_s / 2),
        lambda world: world.delete_queue(queue),
        lambda world: world.declare(),
        loses_messages=True,
    )


def _purge(draw: Random, _: float) -> Trouble:
    queue = draw.choice(QUEUES)
    return Trouble(
        "queue purged",
        queue,
        0,
        lambda world: world.purge_queue(queue),
        lambda _: None,
        loses_messages=True,
    )


def _fill(draw: Random, longest_s: float) -> Trouble:
    queue = draw.choice(QUEUES)
    return Trouble(
        "queue full",
        queue,
        draw.uniform(longest_s / 4, longest_s),
        lambda world: world.fill_queue(queue),
        lambda world: world.empty_queue(queue),
    )


def _clock(draw: Random, longest_s: float) -> Trouble:
    part = draw.choice((*PROCESSES, "mongod"))
    by_s = draw.choice((HOUR_S, -HOUR_S, 120, -120))
    return Trouble(
        f"clock {by_s:+d} s",
        part,
        draw.uniform(longest_s / 2, longest_s),
        lambda world: world.move_clock(part, by_s),
        lambda world: world.move_clock(part, 0),
    )
