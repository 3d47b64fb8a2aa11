"""Events for wrk to send, as the demo's phones write them, each cut where its id goes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count, islice
from pathlib import Path

from bench.entry import Device
from demo import parameters as p
from demo.chance import chance
from demo.record import Record
from demo.session import Session, beginning, outcomes

SEED = 1
DOORS_A_DAY = 40
ASSISTED = "citizen.assisted.v1"
ROOM = 5_000
"""Households between two phones' rounds, so that nobody is met by chance."""


def plain(devices: Sequence[Device], size: int, to: Path) -> Path:
    """`size` whole citizen.assisted events, without a person."""
    return _write(devices, size, to, [_without_person(r) for r in _rounds(devices, 0)])


def mixed(devices: Sequence[Device], size: int, to: Path, run: int) -> Path:
    """`size` events in the demo's mix, with persons whom no other `run` has met."""
    return _write(devices, size, to, _rounds(devices, run))


def _rounds(devices: Sequence[Device], run: int) -> list[Iterator[Record]]:
    first = run * len(devices)
    return [_records(device, (first + n) * ROOM + 1) for n, device in enumerate(devices)]


def _records(device: Device, household: int) -> Iterator[Record]:
    """Day after day; households count on."""
    draw = chance(SEED, "bench", device.source, household)
    for n in count():
        day = p.FIRST_DAY + timedelta(days=n % 30)
        starts_at, slot = beginning(day, device.phone, draw, weekend=False)
        session = Session(SEED, device.phone, starts_at.replace(microsecond=0), draw)
        first = household + n * DOORS_A_DAY
        for stop in session.doors(range(first, first + DOORS_A_DAY), outcomes(slot, weekend=False)):
            yield from stop.records


def _without_person(records: Iterator[Record]) -> Iterator[Record]:
    for record in records:
        if record.type == ASSISTED:
            data = {name: value for name, value in record.data.items() if name != "person"}
            yield replace(record, data=data)


def _write(
    devices: Sequence[Device], size: int, to: Path, rounds: Sequence[Iterator[Record]]
) -> Path:
    each = -(-size // len(devices))
    with to.open("w", encoding="utf-8") as file:
        for device, records in zip(devices, rounds, strict=True):
            for record in islice(records, each):
                before, after = record.body(device.source).decode().split(record.id)
                file.write(f"{device.token}\t{before}\t{after}\n")
    return to
