"""How far each partition has come, in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.messaging.log.completeness import Statement, Tally
from services.platform.mongo import Session
from services.reporting.stores.progress_store import Moved, State
from services.reporting.stores.standing import NOTHING, OfLog, after


class ProgressInMemory:
    """Passes the suite of `Progress`."""

    def __init__(self, partitions: int = 1) -> None:
        self.partitions = partitions
        self._states: dict[int, State] = {}

    async def read(
        self, partitions: Collection[int], session: Session | None = None
    ) -> Mapping[int, State]:
        """Where these stand."""
        return {n: self._state(n) for n in partitions}

    async def move(self, moves: Mapping[int, State], session: Session | None) -> None:
        """Where they stand with this transaction."""
        for n, state in moves.items():
            self._states[n] = replace(state, revision=self._state(n).revision + 1)

    async def claim(self, partition: int, revision: int, session: Session | None) -> None:
        """Raises: Moved."""
        state = self._state(partition)
        if revision != state.revision:
            raise Moved
        self._states[partition] = replace(state, revision=revision + 1)

    async def heard(self, partition: int, statements: Sequence[Statement], now: datetime) -> None:
        """Judge statements where nothing is to be projected."""
        state = self._state(partition)
        standing = after(state.standing, statements, (), self.partitions, now)
        self._states[partition] = replace(state, standing=standing)

    async def set_aside(self, partition: int, session: Session | None) -> None:
        """From now on the partition's transactions look for what was set aside."""
        state = self._state(partition)
        self._states[partition] = replace(state, aside=True, revision=state.revision + 1)

    async def revision(self, partition: int) -> int:
        """Changes with every transaction of the partition."""
        return self._state(partition).revision

    async def revisions(self) -> dict[int, int]:
        """Of every partition."""
        return {n: state.revision for n, state in sorted(self._states.items())}

    async def uncounted(self) -> Mapping[int, bool]:
        """Nobody else writes here."""
        return {}

    async def count(
        self, partition: int, tallies: Mapping[str, Tally], session: Session | None
    ) -> None:
        """The tallies are these."""
        state = self._state(partition)
        standing = {
            log: replace(one, tally=tallies.get(log, Tally()))
            for log, one in state.standing.items()
        }
        self._states[partition] = replace(state, standing=standing, aside=True)

    async def all(self) -> dict[int, State]:
        """Where each partition stands."""
        return dict(self._states)

    def _state(self, partition: int) -> State:
        nothing: dict[str, OfLog] = dict(NOTHING)
        return self._states.get(partition, State(nothing, 0))
