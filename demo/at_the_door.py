"""What stands behind one invented door."""

from datetime import date, timedelta
from random import Random
from typing import Any

from demo import parameters as p
from demo.chance import shares
from services.events.codes import VisitOutcome


def address_of(household: int) -> dict[str, str]:
    """As the phone sends it in `data.person`."""
    return {"address": f"Số {household} đường Minh Họa"}


def knock(
    seed: int, household: int, outcome: VisitOutcome, day: date, draw: Random
) -> dict[str, Any]:
    """What the pair writes down of the visit."""
    if outcome is VisitOutcome.REVISIT:
        return {"outcome": outcome, "revisit_on": day + timedelta(days=draw.randint(1, 3))}
    if outcome is not VisitOutcome.MET:
        return {"outcome": outcome}
    size, devices, old, changed = shares(4, seed, "household", household)
    adults = _adults(size)
    phones_2g = 1 if old < 0.12 else 0
    return {
        "outcome": outcome,
        "adults": adults,
        "smart_devices": round(devices * adults),
        "phones_2g": phones_2g,
        "converted": phones_2g if changed < 0.3 else 0,
    }


def _adults(share: float) -> int:
    """From one to four, 2.4 on average."""
    cut = {1: 0.15, 2: 0.6, 3: 0.85}
    return next((n for n, end in cut.items() if share < end), round(p.ADULTS_A_HOUSEHOLD) + 2)
