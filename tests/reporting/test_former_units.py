"""The past of a unit that is no more: its name, its figure and what that opens to agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.events.assistance import CitizenAssisted
from services.events.corrections import EventVoided
from services.events.envelope import CITY_TIME, Event
from services.events.households import HouseholdVisited
from services.platform.vietnam.wards import (
    LAST_OLD_DAY,
    MERGER,
    Ward,
    predecessors,
    successors,
    ward_at,
)
from services.reporting.reports import REPORTS
from tests.builders import CHO_LON, event
from tests.examples import examples
from tests.reporting.campaigns import WARDS, campaigns
from tests.reporting.desk import Desk, Json, open_desk

NIGHT = datetime(2025, 7, 1, tzinfo=CITY_TIME)
LATER = {"from_": "2025-06-20", "to": "2025-07-20"}


def old(code: str) -> Ward:
    unit = ward_at(code, LAST_OLD_DAY)
    assert unit
    return unit


SPLIT = old("27448")
SPLIT_DISTRICT = old("774")
ISLAND = old("755")
"""The one district that became a unit as a whole."""
[WHOLE, SIBLING, *_] = [
    s.ward for s in predecessors(ward_at(CHO_LON, MERGER) or SPLIT) if not s.split
]
FORMER = (WHOLE, SIBLING, SPLIT, SPLIT_DISTRICT, ISLAND, old("79"))
PLACES_OF_OLD = (WHOLE, SIBLING, SPLIT, SPLIT_DISTRICT, ISLAND)
TODAY = tuple({s.ward for unit in PLACES_OF_OLD for s in successors(unit)[:2]})
ADDED_UP = ("services", "visits", "doors", "accepted", "met")


def told() -> st.SearchStrategy[list[Event]]:
    """Campaigns that lie in former units until the night of the merger, and then in today's;
    and everywhere something, so that no unit's figures are those of another."""
    return st.builds(
        _moved,
        campaigns(),
        st.sampled_from((0, 40, 90)).map(lambda hours: timedelta(hours=hours)),
        st.permutations(PLACES_OF_OLD),
        st.permutations(sorted(TODAY, key=lambda unit: unit.code)),
    )


def _moved(
    events: list[Event], back: timedelta, before: list[Ward], after: list[Ward]
) -> list[Event]:
    wards = {
        told.id: (before if told.time - back < NIGHT else after)[WARDS.index(told.ward)].code
        for told in events
    }
    moved = [_at(told, wards[_about(told)], back) for told in events if _about(told) in wards]
    return [*moved, *_everywhere()]


def _everywhere() -> Iterator[Event]:
    evening, morning = NIGHT - timedelta(hours=4), NIGHT + timedelta(hours=8)
    for at, units in ((evening, PLACES_OF_OLD), (morning, TODAY)):
        for unit in units:
            for event_class in (CitizenAssisted, HouseholdVisited):
                yield event(event_class, at=at, ward=unit.code)


def _about(told: Event) -> str:
    return told.data.event_id if isinstance(told, EventVoided) else told.id


def _at(told: Event, ward: str, back: timedelta) -> Event:
    assert told.recordedtime
    changes = {"ward": ward, "time": told.time - back, "recordedtime": told.recordedtime - back}
    return told.model_copy(update=changes)


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(data=st.data(), events=told())
async def test_figure_of_a_former_unit_is_that_of_the_unit_it_names_and_opens_to_it(
    data: st.DataObject, events: list[Event]
) -> None:
    report = REPORTS[data.draw(st.sampled_from(sorted(REPORTS)))]
    unit = data.draw(st.sampled_from(FORMER))
    today = data.draw(st.booleans())
    asked: dict[str, Any] = LATER | ({} if today else {"wards": "as_was"})
    async with open_desk() as desk:
        await desk.tell(*events)

        answered = await desk.report(report.name, ward=unit.key, **asked)
        shown = _shown(unit) if today else unit

        assert answered["ward"]["key"] == shown.key
        await _opens(desk, answered, answered["total"], "in_total")
        assert _added_up(answered["total"]) == await _recomputed(desk, report.name, shown, today)
        if "ward" in report.by:
            [row] = (await desk.report(report.name, ward=unit.key, by="ward", **asked))["rows"]
            everywhere = await desk.report(report.name, by="ward", **asked)
            assert row["group"]["ward"]["key"] == shown.key
            assert row["figures"] == _of(everywhere, shown, row)
            await _opens(desk, everywhere, row, "in_rows")


def _shown(unit: Ward) -> Ward:
    after = successors(unit)
    return after[0].ward if len(after) == 1 else unit


def _of(everywhere: Json, unit: Ward, row: Json) -> Json:
    """A former unit without any figure has no row of its own among all."""
    rows = [r for r in everywhere["rows"] if r["group"]["ward"]["key"] == unit.key]
    if not rows:
        assert not any(isinstance(value, int) and value for value in row["figures"].values())
        return dict(row["figures"])
    return dict(rows[0]["figures"])


async def _opens(desk: Desk, answered: Json, row: Json, where: str) -> None:
    for figure in answered["figures"]:
        value = row["figures"][figure["figure"]]
        if figure["kind"] != "share" and value and figure["opens"][where]:
            opened = await desk.opened(row["facts"] + figure["opens"][where], limit=50)
            assert opened == value, (figure["figure"], row["group"], opened, value)


async def _recomputed(desk: Desk, name: str, unit: Ward, today: bool) -> dict[str, int]:
    """What adds up, from the figures of each unit as it was."""
    former = [s.ward for s in predecessors(unit) if not s.split] if today else []
    parts = [
        await desk.report(name, ward=part.key, wards="as_was", **LATER) for part in (unit, *former)
    ]
    sums = [_added_up(part["total"]) for part in parts]
    return {figure: sum(part[figure] for part in sums) for figure in sums[0]}


def _added_up(row: Json) -> dict[str, int]:
    return {name: row["figures"][name] for name in ADDED_UP if name in row["figures"]}
