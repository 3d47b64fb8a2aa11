"""The facts in memory."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from datetime import date

from services.events.answers import AssistanceDisputed
from services.events.citizens import CitizenMerged
from services.events.envelope import Event
from services.platform.mongo import Session
from services.reporting.counting.keys import Key
from services.reporting.definitions.filters import FILTERS
from services.reporting.definitions.measure import Fact
from services.reporting.stores.fact_query import FactQuery, Position, TimePosition
from services.reporting.stores.fact_store import Known, KnownFact, Writing, merge_of
from services.reporting.stores.member_store import Merge


class FactsInMemory:
    """Passes the suite of `Facts`."""

    def __init__(self) -> None:
        self._kept: dict[str, KnownFact] = {}
        self._keys: dict[str, frozenset[Key]] = {}

    async def prepare(self) -> None:
        """Nothing to make."""

    async def find(
        self, ids: Collection[str], keys: Collection[Key], session: Session | None
    ) -> Known:
        """What is known under these ids, and in these histories."""
        kept = {id_: self._kept[id_] for id_ in ids if id_ in self._kept}
        found = {
            key: [fact for fact in self._facts() if key in self._keys[fact.id]] for key in keys
        }
        return Known(kept, {key: facts for key, facts in found.items() if facts})

    async def claim(self, keys: Collection[Key], session: Session | None) -> None:
        """Nobody else writes."""

    async def write(
        self,
        written: Iterable[Writing],
        early_voids: Mapping[str, date],
        session: Session | None,
    ) -> None:
        """Keep facts as they are now, and voids whose targets are still to come."""
        for fact, keys, known in written:
            assert known == (fact.id in self._kept)
            self._kept[fact.id] = KnownFact(fact, fact.voided)
            self._keys[fact.id] = frozenset(keys)
        for target, day in early_voids.items():
            self._kept[target] = KnownFact(None, day)

    async def of_ward(
        self,
        ward: str,
        session: Session | None,
        types: Collection[type[Event]] | None = None,
    ) -> AsyncIterator[Fact]:
        """All facts of a ward, or those of some types."""
        for fact in self._facts():
            if fact.ward == ward and (types is None or isinstance(fact.event, tuple(types))):
                yield fact

    async def wards(self) -> set[str]:
        """The wards that have facts."""
        return {fact.ward for fact in self._facts()}

    async def merges(self) -> list[Merge]:
        """The mergers of citizens that were recorded."""
        merged = [fact for fact in self._facts() if isinstance(fact.event, CitizenMerged)]
        return [merge_of(fact) for fact in sorted(merged, key=lambda fact: (fact.at, fact.id))]

    async def page(self, query: FactQuery, after: Position | None, limit: int) -> list[Fact]:
        """Standing facts after a place, ordered by place."""
        found = sorted((_place(fact), fact) for fact in self._facts() if _asked(fact, query))
        return [fact for place, fact in found if after is None or place > after][:limit]

    async def disputes(
        self, wards: Collection[str] | None, after: TimePosition | None, limit: int
    ) -> list[Fact]:
        """Standing disputes after a moment, oldest first."""
        found = [
            (TimePosition(fact.at, fact.id), fact)
            for fact in self._facts()
            if isinstance(fact.event, AssistanceDisputed)
            and fact.voided is None
            and (wards is None or fact.ward in wards)
        ]
        return [f for at, f in sorted(found) if after is None or at > after][:limit]

    def _facts(self) -> list[Fact]:
        return [kept.fact for kept in self._kept.values() if kept.fact]


def _place(fact: Fact) -> Position:
    return Position(fact.ward, fact.day, fact.id)


def _asked(fact: Fact, query: FactQuery) -> bool:
    return (
        (query.wards is None or fact.ward in query.wards)
        and query.days[0] <= fact.day <= query.days[1]
        and isinstance(fact.event, tuple(query.types))
        and _standing(fact, query.known_by)
        and all(code in FILTERS[name].codes(fact.event) for name, code in query.filters.items())
    )


def _standing(fact: Fact, known_by: date | None) -> bool:
    if known_by is None:
        return fact.voided is None
    return fact.recorded <= known_by and not (fact.voided and fact.voided <= known_by)
