"""One measured figure: what it must reach, and what the bare parts reached beside it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

SLOW_DAY = 0.8
"""A slow machine is forgiven as far as the bare parts were slow too, in the same run."""


class Target(NamedTuple):
    """At least `value`, or at most where less is better; None: nothing is asked for."""

    value: float | None
    unit: str = "events/s"
    less_is_better: bool = False


def _at_most(value: float, unit: str) -> Target:
    return Target(value, unit, less_is_better=True)


TARGETS: Mapping[str, Target] = {
    "intake_c1": Target(300),
    "intake_c8": Target(900),
    "intake_c32": Target(1_800),
    "intake_c32_p99_ms": _at_most(80, "ms"),
    "intake_batch100": Target(8_000),
    "intake_c1_mix": Target(None),
    "intake_c8_mix": Target(400),
    "intake_c32_mix": Target(950),
    "intake_batch100_mix": Target(None),
    "sustained_c32": Target(1_100),
    "sustained_batch100": Target(2_500),
    "sustained_c32_mix": Target(None),
    "drain": Target(4_000),
    "relay_readers": Target(None),
    "fresh_p50_ms": _at_most(60, "ms"),
    "fresh_p99_ms": _at_most(300, "ms"),
    "projection": Target(7_000),
    "idle_rss_mb": _at_most(400, "MB"),
    "sms_0ms": Target(2_500, "SMS/s"),
    "sms_20ms_w100": Target(1_500, "SMS/s"),
    "sms_20ms_w10": Target(400, "SMS/s"),
    "kannel_0ms": Target(None, "SMS/s"),
    "kannel_20ms_w100": Target(None, "SMS/s"),
    "kannel_20ms_w10": Target(None, "SMS/s"),
}


@dataclass(frozen=True)
class Figure:
    """A name of `TARGETS` with its value; `floor` is None where there are no bare parts."""

    name: str
    value: float
    floor: float | None = None

    @property
    def target(self) -> Target:
        """What is asked for."""
        return TARGETS[self.name]

    @property
    def ratio(self) -> float | None:
        """How much of the bare parts' speed is left; above 1 it is better than theirs."""
        if not self.floor or not self.value:
            return None
        less = self.target.less_is_better
        return self.floor / self.value if less else self.value / self.floor

    @property
    def met(self) -> bool | None:
        """None where nothing is asked for."""
        target = self.target
        if target.value is None:
            return None
        reached = (
            self.value <= target.value if target.less_is_better else self.value >= target.value
        )
        return reached or (self.ratio is not None and self.ratio >= SLOW_DAY)

    def row(self) -> dict[str, Any]:
        """As results.json holds it."""
        return {
            "name": self.name,
            "value": round(self.value, 1),
            "unit": self.target.unit,
            "floor": self.floor and round(self.floor, 1),
            "ratio": self.ratio and round(self.ratio, 2),
            "target": self.target.value,
            "met": self.met,
        }
