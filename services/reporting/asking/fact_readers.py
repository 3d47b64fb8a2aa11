"""What questions and work lists need of facts; the store and its twin have it."""

from collections.abc import Collection, Sequence
from typing import Protocol

from services.platform.mongo import Session
from services.reporting.counting.keys import Key
from services.reporting.definitions.measure import Fact
from services.reporting.stores.fact_query import FactQuery, Position, TimePosition
from services.reporting.stores.fact_store import Known
from services.reporting.stores.member_store import Merge


class FactReader(Protocol):
    """What reports need of facts."""

    async def page(self, query: FactQuery, after: Position | None, limit: int) -> list[Fact]: ...
    async def find(
        self, ids: Collection[str], keys: Collection[Key], session: Session | None
    ) -> Known: ...
    async def merges(self) -> Sequence[Merge]: ...


class DisputeReader(Protocol):
    """What the list needs of facts."""

    async def disputes(
        self, wards: Collection[str] | None, after: TimePosition | None, limit: int
    ) -> list[Fact]: ...
    async def find(
        self, ids: Collection[str], keys: Collection[Key], session: Session | None
    ) -> Known: ...
