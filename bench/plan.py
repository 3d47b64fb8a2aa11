"""How long each figure is measured, and on what; quick is for development."""

from dataclasses import dataclass
from pathlib import Path

from bench.stage import Servers


@dataclass(frozen=True, slots=True)
class Plan:
    """Seconds, rounds and numbers of events."""

    intake_s: float = 8
    rounds: int = 3
    sustained_s: float = 60
    fresh_s: float = 40
    queued: int = 100_000
    templates: int = 8_000
    idle_s: float = 15
    sms_s: float = 8


QUICK = Plan(
    intake_s=4,
    rounds=1,
    sustained_s=15,
    fresh_s=12,
    queued=30_000,
    templates=2_000,
    idle_s=5,
    sms_s=3,
)


@dataclass(frozen=True)
class Bench:
    """What every figure is measured with."""

    servers: Servers
    plan: Plan

    def file(self, name: str) -> Path:
        """In a folder that goes away."""
        return self.servers.folder / name
