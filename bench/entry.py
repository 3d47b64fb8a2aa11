"""Devices that may post, let in over the public API as an office does it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx

from bench.stage import Stage
from demo import parameters as p
from demo.city import City
from demo.foundation import Foundation
from demo.record import Record
from demo.setting import Phone
from services.events.envelope import BATCH_MEDIA_TYPE
from services.messaging.topology import partition_of
from services.platform.vietnam.wards import current

API = "/api/registration/v1"
ADMIN, PASSWORD = "bench", "chi-de-do-toc-do-1"
SEED = 1
PARTITIONS = 4
WARDS_A_PARTITION = 2
PHONES_A_WARD = 2
SCALE = 0.1
BATCH = 500


@dataclass(frozen=True, slots=True)
class Device:
    """A phone that was enrolled."""

    source: str
    token: str
    phone: Phone


def enrol_devices(stage: Stage) -> Sequence[Device]:
    """Lays the demo's foundation in a few wards and enrols phones of their teams."""
    create = ("registration", "admin", "create", "--name", ADMIN, "--password-stdin")
    stage.command(*create, given=PASSWORD)
    city = City(SEED, SCALE, ward_codes())
    with httpx.Client(base_url=stage.url("registration") + API, timeout=60) as http:
        me = _post(http, "/sessions", {"name": ADMIN, "password": PASSWORD, "use": "bearer"})
        http.headers["Authorization"] = f"Bearer {me['token']}"
        for step in Foundation(city).of_campaign():
            _record(http, step, me["user"]["source"])
        devices = [_enrol(http, phone) for phone in _phones(city)]
    _age(stage)
    return devices


def ward_codes() -> Sequence[str]:
    """Spread evenly over the partitions, as the whole city is."""
    codes = [ward.code for ward in current()]
    by_partition = [
        [code for code in codes if partition_of(code, PARTITIONS) == n] for n in range(PARTITIONS)
    ]
    return [code for found in by_partition for code in found[:WARDS_A_PARTITION]]


def _phones(city: City) -> Iterator[Phone]:
    """As many of each ward, from door to door, with clocks that are right."""
    for ward in city.wards:
        at_doors = [t for t in city.teams if t.ward == ward.code and not t.service_point_id]
        for n in range(PHONES_A_WARD):
            team = at_doors[n % len(at_doors)]
            yield Phone(f"{team.id}-{n}", team)


def _enrol(http: httpx.Client, phone: Phone) -> Device:
    invited = _post(http, "/enrolments", {"team_id": phone.team.id})
    device = _post(http, "/devices", {"code": invited["code"]})
    return Device(device["source"], device["token"], phone)


def _age(stage: Stage) -> None:
    """They have been there since before the demo's days: nothing comes from before an enrolment."""
    began = datetime.combine(p.FIRST_DAY, time.min, UTC) - timedelta(days=30)
    devices = stage.client[stage.database("registration")]["devices"]
    devices.update_many({}, {"$set": {"enrolled_at": began}})


def _record(http: httpx.Client, records: Sequence[Record], source: str) -> None:
    for n in range(0, len(records), BATCH):
        body = b"[" + b",".join(r.body(source) for r in records[n : n + BATCH]) + b"]"
        headers = {"Content-Type": BATCH_MEDIA_TYPE}
        answer = http.post("/events", content=body, headers=headers).raise_for_status().json()
        if refused := [r for r in answer["results"] if r["result"] != "accepted"]:
            raise RuntimeError(f"the foundation was refused: {refused[0]}")


def _post(http: httpx.Client, path: str, document: object) -> dict[str, Any]:
    answer: dict[str, Any] = http.post(path, json=document).raise_for_status().json()
    return answer
