"""sms_*: from notifications that are due to answers that stand in the ledger, over SMPP; beside it
the client alone, and Kannel from HTTP in to SMPP out, each before an SMSC of its own."""

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple

from bench.figure import TARGETS, Figure
from bench.plan import Bench
from bench.sms import campaign
from bench.sms.kannel import kannel
from bench.sms.smsc import Smsc, smsc
from bench.stage import Stage, wait_for
from deploy.local.places import ROOT, VENV_PYTHON
from deploy.local.ports import LOOPBACK
from deploy.local.process import Child

PATIENCE_S = 90
PARTS = 2
"""Processes of notify: one Python has one core. They share the window."""
AT_ONCE = 1_500
NO_LIMIT = "1000000"
"""Each SMS goes to a number of its own."""
"""Of each process."""
TOLD_S = 5
"""The SMSC tells a few times a second what it counted."""


class Case(NamedTuple):
    """How long the SMSC takes to answer, and how many submits may wait for that."""

    name: str
    delay_ms: int
    window: int

    def count(self, bench: Bench) -> int:
        """What must go in the time that a run takes."""
        return round((TARGETS[f"sms_{self.name}"].value or 0) * bench.plan.sms_s)


CASES = (Case("0ms", 0, 100), Case("20ms_w100", 20, 100), Case("20ms_w10", 20, 10))


def measure(bench: Bench) -> Iterator[Figure]:
    """Each from an empty database."""
    for case in CASES:
        yield Figure(f"sms_{case.name}", _ours(bench, case), _client_alone(bench, case))
        yield Figure(f"kannel_{case.name}", _kannel(bench, case))


def _ours(bench: Bench, case: Case) -> float:
    name, count = f"sms_{case.name}", case.count(bench)
    with _smsc(bench, case, name) as peer, bench.servers.stage(name) as stage:
        stage.settings |= _told(case, peer)
        for number in range(1, PARTS + 1):
            stage.start_beside("notify", f"notify-{number}", NOTIFY_PART=f"{number}/{PARTS}")
        make_due = campaign.ready(stage, count)
        make_due()
        return _accepted_a_second(stage, peer, count)


def _client_alone(bench: Bench, case: Case) -> float:
    name, count = f"client_{case.name}", case.count(bench)
    with _smsc(bench, case, name) as peer:
        told = {"PORT": str(peer.port), "WINDOW": str(case.window), "COUNT": str(count)}
        command = [str(VENV_PYTHON), "-m", "bench.floors.sms"]
        client = Child(command, bench.file(f"{name}.log"), os.environ | told, ROOT)
        wait_for(lambda: not client.running(), PATIENCE_S)
        wait_for(lambda: peer.counted().answered >= count, TOLD_S)
        return peer.counted().rate


def _kannel(bench: Bench, case: Case) -> float:
    """While requests come in as fast as they are answered."""
    name = f"kannel_{case.name}"
    with _smsc(bench, case, name) as peer, kannel(bench.file(name), peer, case.window) as rival:
        rival.flood(bench.plan.sms_s)
        return peer.counted().rate


def _smsc(bench: Bench, case: Case, name: str) -> AbstractContextManager[Smsc]:
    return smsc(case.delay_ms, bench.file(f"{name}.smsc"))


def _told(case: Case, peer: Smsc) -> dict[str, str]:
    return {
        "NOTIFY_DEMO": "true",
        "NOTIFY_DELAY_S": str(campaign.DELAY.total_seconds()),
        "NOTIFY_PROVIDERS": "smpp",
        "NOTIFY_SMPP_HOST": LOOPBACK,
        "NOTIFY_SMPP_PORT": str(peer.port),
        "NOTIFY_SMPP_SYSTEM_ID": "bench",
        "NOTIFY_SMPP_SENDER": "UBND",
        "NOTIFY_SMPP_WINDOW": str(case.window // PARTS),
        "NOTIFY_AT_ONCE": str(AT_ONCE),
        "NOTIFY_WARD_SEGMENTS_A_DAY": NO_LIMIT,
        "NOTIFY_NEW_NUMBERS_A_DAY": NO_LIMIT,
    }


def _accepted_a_second(stage: Stage, peer: Smsc, count: int) -> float:
    """From the first submit until the last answer stands in the ledger."""
    ledger = stage.client[stage.database("notify")]["notifications"]
    wait_for(lambda: peer.counted().answered >= count, PATIENCE_S, every_s=0.02)
    accepted = {"state": "accepted"}
    wait_for(lambda: ledger.count_documents(accepted) >= count, PATIENCE_S, every_s=0.02)
    return count / (time.time() - peer.counted().first_at)
