"""What a coordinator may see of a citizen: no number, but how it ends, and what was agreed."""

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, TypeAdapter

from services.events.citizens import CITIZENS
from services.events.codes import Purpose
from services.events.requests import REQUESTS
from services.registration.citizens.identity import Kind
from services.registration.citizens.meeting import met_in
from services.registration.citizens.mergers import last, merged_into
from services.registration.citizens.rows import IndexRow, RowStore
from services.registration.citizens.rules import Citizen
from services.registration.citizens.vault import Keys, Vault
from services.registration.subjects.rows import Rows

_STATE = TypeAdapter(Citizen)


class CitizenView(BaseModel):
    """The last three digits tell two records apart without telling who it is."""

    id: str
    national_ids_end: list[str]
    phones_end: list[str]
    purposes: list[Purpose]
    wording: str | None
    erased: bool
    merged_into: str | None


class CitizenReader:
    """Joins the index with the citizen's own history."""

    def __init__(self, index: RowStore, subjects: Rows, keys: Keys) -> None:
        self._index = index
        self._subjects = subjects
        self._vault = Vault(keys)

    async def wards(self, citizen_id: str) -> frozenset[str]:
        """Where the citizen was met; of the erased, of whom nothing is left to see, where that
        was last recorded."""
        if met := await met_in(citizen_id, self._index):
            return met
        told = await self._subjects.get(CITIZENS, citizen_id)
        return frozenset({told.ward} if told else set())

    async def is_restricted(self, citizen_id: str) -> bool:
        """Whether the person asked, under whichever record, for erasure or restriction.

        Of the erased nothing is left to restrict.
        """
        told = await self._subjects.get(CITIZENS, citizen_id)
        if told and told.state.get("erased"):
            return False
        surviving_id = await last(citizen_id, self._index)
        for id_ in {citizen_id, surviving_id, *await merged_into(surviving_id, self._index)}:
            asked = await self._subjects.of_citizen(REQUESTS, id_)
            if any(row.state["restricts"] for row in asked):
                return True
        return False

    async def view(self, citizen_id: str) -> CitizenView:
        """An unknown citizen has nothing to show. Raises: Unavailable."""
        leading = await self._index.of(citizen_id)
        told = await self._subjects.get(CITIZENS, citizen_id)
        state = _STATE.validate_python(told.state) if told else Citizen(citizen_id)
        if state.erased:  # the relay may not have been there yet
            leading = ()
        return CitizenView(
            id=citizen_id,
            national_ids_end=self._ends(leading, Kind.NATIONAL_ID),
            phones_end=self._ends(leading, Kind.PHONE),
            purposes=list(state.purposes),
            wording=state.wording,
            erased=state.erased,
            merged_into=state.merged_into,
        )

    def _ends(self, rows: Sequence[IndexRow], kind: Kind) -> list[str]:
        hints: Iterable[tuple[bytes, bytes]] = (
            (row.hint, row.hash) for row in rows if row.kind is kind and row.hint
        )
        return sorted(self._vault.open_hint(hint, hash_) for hint, hash_ in hints)
