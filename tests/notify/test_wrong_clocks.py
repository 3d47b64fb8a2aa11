"""Who is written to, whatever the phones' clocks said: compared with a plain model."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.envelope import BATCH_MEDIA_TYPE, Event
from services.notify.providers.provider import Incoming
from services.platform.personal_data.contact_wire import CONTACT_SHARED, open_shared
from services.registration.citizens.contact import Confidential
from services.registration.citizens.refused_bodies import RefusedBodies
from services.registration.citizens.vault import Keys
from services.registration.intake.body import unpack
from services.registration.intake.clock_correction import upload_offset
from services.registration.intake.draft import Upload
from tests.builders import OFFICE, SATURDAY, a_national_id, number, posted
from tests.event_data import Json
from tests.examples import examples
from tests.notify.harness import WRAP_KEY
from tests.notify.test_voids import Town
from tests.registration.intake.desk import COORDINATOR, KEY, VOLUNTEER, Desk, Poster
from tests.twins.refused_body_store import MemoryRefusedBodyStore

NOON = SATURDAY + timedelta(hours=4)
A_MINUTE = timedelta(minutes=1)
PHONES = {0: ("0900000010", "0900000011"), 1: ("0900000020", "0900000021")}
EVENTS: dict[str, type[Event]] = {"given": ConsentGiven, "withdrawn": ConsentWithdrawn}


@dataclass(frozen=True)
class Step:
    """Something said of or by one of two citizens, a minute after the step before it."""

    who: int
    what: str
    """`first` and `second` are phones that a visit brings; `TC` and `DK` come by SMS."""
    phone: int
    """Which of both numbers an SMS comes from."""
    fast: timedelta
    """How far the volunteer's clock is ahead."""
    by_header: bool
    """The upload tells it, and not each event."""


errors = st.one_of(
    st.sampled_from([0, 1, 59, 61, 3_600, 86_400 * 365]), st.integers(0, 86_400 * 365)
).flatmap(lambda s: st.sampled_from([timedelta(seconds=s), timedelta(seconds=-s)]))
steps = st.builds(
    Step,
    who=st.integers(0, 1),
    what=st.sampled_from(["first", "second", "given", "withdrawn", "TC", "DK"]),
    phone=st.integers(0, 1),
    fast=errors,
    by_header=st.booleans(),
)


class City:
    """Registration and notify on twins; what one publishes the other hears."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.desk.now = NOON
        self.ids = [a_national_id(), a_national_id()]
        kept = RefusedBodies(MemoryRefusedBodyStore(), Keys(KEY, KEY, KEY))
        self.relay = Confidential(self.desk.persons, kept, Keys(KEY, KEY, KEY))
        self.town = Town(keys=(KEY, WRAP_KEY))

    async def upload(self, event: Json, fast: timedelta, by: Poster = VOLUNTEER) -> None:
        elements = unpack(orjson.dumps([event]), BATCH_MEDIA_TYPE, "")
        upload = Upload(by, NOON, upload_offset(NOON + fast, NOON))
        [result] = await self.desk.intake.record(elements, upload)
        assert result.result == "accepted", result

    async def say(self, step: Step, at: datetime) -> None:
        """By SMS at once; by a phone whose clock is wrong, whenever that is uploaded."""
        event, told_by_header = as_told(step, at, self.ids[step.who])
        await self.upload(event, step.fast if told_by_header else timedelta())

    async def citizens(self) -> list[str]:
        found = []
        for one in self.ids:
            visit = posted(CitizenAssisted, at=SATURDAY, person={"national_id": one})
            await self.upload(visit, timedelta())
            stored = await self.desk.stored(visit["id"])
            found.append(str(orjson.loads(stored.body)["data"]["citizen_id"]))
        return found

    async def publish(self) -> None:
        entries = list(self.desk.log.entries.values())
        for told in await self.relay(entries):
            if told.routing_key == CONTACT_SHARED:
                await self.town.inbox.contact(open_shared(told.body, KEY), told.body)
        await self.town.record(*(entry.event for entry in entries))


def as_told(step: Step, at: datetime, national_id: str) -> tuple[Json, bool]:
    """The event as the phone wrote it, and whether the upload's header has to correct it."""
    shown, by_header = at + step.fast, step.by_header and abs(step.fast) > A_MINUTE
    envelope: dict[str, Any] = {"id": id_by(shown)}
    if not by_header:
        envelope["clockoffset"] = -step.fast.total_seconds()
    person: Json = {"national_id": national_id}
    if step.what in EVENTS:
        return posted(EVENTS[step.what], at=shown, person=person, envelope=envelope), by_header
    phone = PHONES[step.who][0 if step.what == "first" else 1]
    person |= {"phone": phone, "phone_owner": "self"}
    return posted(CitizenAssisted, at=shown, person=person, envelope=envelope), by_header


def id_by(shown: datetime) -> str:
    """A UUIDv7 as the phone makes it."""
    made = f"{int(shown.timestamp() * 1000):012x}"
    return f"{made[:8]}-{made[8:]}-7000-8000-{number():012x}"


def written_to(told: list[tuple[Step, datetime]], *, merged: bool) -> list[str]:
    """The plain model: what was said last holds, by the time at which it was said."""
    people = [{0, 1}] if merged else [{0}, {1}]
    return sorted(phone for who in people if (phone := _reached(told, who)))


def _reached(told: list[tuple[Step, datetime]], who: set[int]) -> str | None:
    own = [(s, at) for s, at in told if s.who in who]
    contacts = [PHONES[s.who][s.what == "second"] for s, _ in own if s.what in ("first", "second")]
    words = [(s.what, at) for s, at in own if s.what in EVENTS]
    if not contacts or not words or words[-1][0] == "withdrawn":
        return None
    said = [(s.what, at) for s, at in told if s.what in ("TC", "DK") and _number(s) == contacts[-1]]
    if said and said[-1][0] == "TC" and said[-1][1] > words[-1][1]:
        return None
    return f"+84{contacts[-1].removeprefix('0')}"


def _number(step: Step) -> str:
    return PHONES[step.who][step.phone]


@settings(max_examples=examples(150))
@given(st.lists(steps, max_size=10), st.booleans(), st.randoms(use_true_random=False))
async def test_who_is_written_to_does_not_depend_on_any_phones_clock(
    said: list[Step], merged: bool, chance: Any
) -> None:
    city = City()
    one, other = await city.citizens()
    told = [(step, SATURDAY + n * A_MINUTE) for n, step in enumerate(said, start=1)]
    by_sms = [(step, at) for step, at in told if step.what in ("TC", "DK")]
    by_phone = [(step, at) for step, at in told if step.what not in ("TC", "DK")]

    for step, at in by_sms:
        city.town.clock.now = at
        phone = f"+84{_number(step).removeprefix('0')}"
        await city.town.callbacks.reply(Incoming("twin", str(at), phone, step.what))
    for step, at in chance.sample(by_phone, len(by_phone)):
        await city.say(step, at)
    if merged:
        merger = posted(
            CitizenMerged,
            at=NOON,
            citizen_id=one,
            merged_id=other,
            envelope={"source": OFFICE},
        )
        await city.upload(merger, timedelta(), COORDINATOR)
    await city.publish()
    city.town.clock.now = city.town.machine_clock.now = NOON
    await city.town.after(hours=1)

    assert city.town.reached == written_to(told, merged=merged)
