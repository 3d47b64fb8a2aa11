"""Starts the SMSC in front of the citizens' phones, and tells notify of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from demo import parameters as p
from demo.sms.journal import SILENT
from deploy.local.npm import NODE, installed
from deploy.local.ports import LOOPBACK, answers, free_port
from deploy.local.process import Child
from deploy.local.waiting import wait_until

HERE = Path(__file__).parent
AGAIN_MS = 300
"""After so long it says once more what notify could not take."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What the network says of SMS and what citizens answer, by weight."""

    answers: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: p.ANSWERS)
    receipts: Mapping[str, float] = field(default_factory=lambda: p.RECEIPTS)


def told_to_notify(port: int) -> dict[str, str]:
    """What notify must be told."""
    return {
        "NOTIFY_PROVIDERS": "smpp",
        "NOTIFY_SMPP_HOST": LOOPBACK,
        "NOTIFY_SMPP_PORT": str(port),
        "NOTIFY_SMPP_SYSTEM_ID": "minhhoa",
        "NOTIFY_SMPP_SENDER": "MINH HOA",
        "NOTIFY_SMPP_WINDOW": "50",
        "NOTIFY_REPLY_NUMBER": p.REPLY_NUMBER,
        "NOTIFY_SEGMENT_VND": orjson.dumps({"smpp": p.SEGMENT_VND}).decode(),
    }


@contextmanager
def phones(seed: int, journal: Path, habits: Habits | None = None) -> Iterator[int]:
    """The port of the SMSC, until the block ends; the journal goes on where it is."""
    port = free_port()
    journal.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "port": port,
        "journal": str(journal),
        "late_ms": p.RECEIPT_LATE_S * 1_000,
        "again_ms": AGAIN_MS,
        "habits": _told(seed, habits or Habits()),
    }
    command = [*NODE, str(HERE / "smsc.js"), orjson.dumps(told).decode()]
    path = {"NODE_PATH": str(installed(HERE))}
    smsc = Child(command, journal.with_suffix(".log"), env=path, name="smsc")
    try:
        wait_until(lambda: answers(port), smsc)
        yield port
    finally:
        smsc.stop()


def _told(seed: int, habits: Habits) -> dict[str, Any]:
    return {
        "seed": seed,
        "receipts": habits.receipts,
        "comes": p.RECEIPT_COMES,
        "answers": {
            about: {**weights, SILENT: 1 - sum(weights.values())}
            for about, weights in habits.answers.items()
        },
        "spellings": p.SPELLINGS,
    }
