"""A team that is sent elsewhere may record there at once; a revocation elsewhere shows soon."""

from dataclasses import replace
from datetime import timedelta

from services.events.households import HouseholdVisited
from services.events.teams import TeamDeployed, TeamDisbanded, TeamFormed
from services.messaging.log.entry import Entry
from services.registration.subjects.folding import Decision
from services.registration.teams.rules import TEAM as TEAMS
from tests.builders import SATURDAY, event, void
from tests.registration.access.gate import TEAM, Gate
from tests.twins.event_log import EventLogTwin
from tests.twins.rows import StoreTwin


async def test_phone_records_where_its_team_was_sent_a_moment_ago(gate: Gate) -> None:
    gate.place("neighbourhood", "neighbourhood-2")
    store = gate.access.watching(StoreTwin(EventLogTwin(), gate.rows))
    formed = event(TeamFormed, subject=TEAM, at=SATURDAY.replace(hour=6))
    await store.record(Decision(TEAMS, Entry(formed, b"", decided=True)))
    phone = await gate.phone(await gate.coordinator())
    visit = event(HouseholdVisited, neighbourhood_id="neighbourhood-2", team_id=TEAM)
    assert (await gate.post(visit, phone)).covers

    sent = event(TeamDeployed, subject=TEAM, from_day="2025-10-12", places=["neighbourhood-2"])
    await store.record(Decision(TEAMS, Entry(sent, b"", decided=True)))

    assert not (await gate.post(visit, phone)).covers


async def test_phone_records_again_at_once_where_the_disbanding_of_its_team_was_voided(
    gate: Gate,
) -> None:
    store = gate.access.watching(StoreTwin(EventLogTwin(), gate.rows))
    formed = event(TeamFormed, subject=TEAM, at=SATURDAY - timedelta(days=2))
    disbanded = event(TeamDisbanded, subject=TEAM, at=SATURDAY - timedelta(days=1))
    await store.record(Decision(TEAMS, Entry(formed, b"", decided=True)))
    phone = await gate.phone(await gate.coordinator())
    await store.record(Decision(TEAMS, Entry(disbanded, b"", decided=True)))
    visit = event(HouseholdVisited, team_id=TEAM)
    before = await gate.post(visit, phone)

    await store.record(Decision(TEAMS, Entry(void(disbanded), b"", decided=True)))

    assert not before.covers
    assert (await gate.post(visit, phone)).covers


async def test_what_another_process_revoked_shows_after_five_seconds(gate: Gate) -> None:
    by = await gate.coordinator()
    device = await gate.device(by)
    phone = {"Authorization": f"Bearer {device['token']}"}
    assert await gate.code_of("GET", "/teams", phone) == "200"
    found = gate.store.tokens.devices_by_id
    found[device["device_id"]] = replace(found[device["device_id"]], revoked_at=gate.now)

    assert await gate.code_of("GET", "/teams", phone) == "200"
    gate.later(seconds=5)
    assert await gate.code_of("GET", "/teams", phone) == "unauthenticated"
