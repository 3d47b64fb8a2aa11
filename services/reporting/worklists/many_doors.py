"""The ward's task: one citizen's id that was met at more doors than is likely."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple, cast

from services.events.assistance import CitizenAssisted
from services.reporting.asking.fact_readers import FactReader
from services.reporting.asking.periods import Period
from services.reporting.counting.contributions import standing
from services.reporting.definitions.measure import Fact
from services.reporting.stores.fact_query import FactQuery, TimePosition
from services.reporting.stores.member_store import one_person
from services.reporting.worklists.reading import LOOKED_BACK, read_all

LIKELY_DOORS = 3
"""One's own, the parents' or a child's, and one that was left: at a fourth it is more likely that a
number was mistyped, or is one that somebody gives for everybody."""


class AtManyDoors(NamedTuple):
    """One citizen; the last record at each household, oldest first."""

    records: tuple[Fact, ...]

    @property
    def last(self) -> TimePosition:
        """When and by which record it was last met."""
        return TimePosition(self.records[-1].at, self.records[-1].id)


class ManyDoorsPage(NamedTuple):
    """Some citizens; `after` leads on, None at the end."""

    rows: list[AtManyDoors]
    after: TimePosition | None


async def page(
    facts: FactReader, wards: Collection[str], today: date, after: TimePosition | None, limit: int
) -> ManyDoorsPage:
    """At most `limit` rows, newest first."""
    query = FactQuery(wards, Period(today - LOOKED_BACK, today), (CitizenAssisted,))
    persons = one_person(m for m in await facts.merges() if m.known_by(None))
    found = at_many_doors(await read_all(facts, query), persons)
    rows = [row for row in found if after is None or row.last < after]
    return ManyDoorsPage(rows[:limit], rows[limit - 1].last if len(rows) > limit else None)


def at_many_doors(facts: Iterable[Fact], persons: Mapping[str, str]) -> list[AtManyDoors]:
    """Citizens at more than the likely doors, newest first; merged records are one. Pure."""
    doors: dict[str, dict[str, Fact]] = defaultdict(dict)
    for fact in standing(facts, None):
        data = cast(CitizenAssisted, fact.event).data
        if data.citizen_id and data.household_id:
            met = doors[persons.get(data.citizen_id, data.citizen_id)]
            met.pop(data.household_id, None)
            met[data.household_id] = fact
    found = [AtManyDoors(tuple(met.values())) for met in doors.values() if len(met) > LIKELY_DOORS]
    return sorted(found, key=lambda row: row.last, reverse=True)
