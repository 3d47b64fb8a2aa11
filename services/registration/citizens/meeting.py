"""In which wards a citizen was met at the door: whose the citizen is."""

from collections.abc import Iterator, Mapping, Sequence

from services.registration.citizens.candidate import HashedPerson
from services.registration.citizens.mergers import last
from services.registration.citizens.resolve import ResolvedPerson
from services.registration.citizens.rows import IndexRow, RowStore


async def met_in(citizen_id: str, rows: RowStore) -> frozenset[str]:
    """Codes of wards; of a merged record those of its person. None where nobody is known by it."""
    surviving_id = await last(citizen_id, rows)
    leading = [*await rows.of(surviving_id), *await rows.written_for(citizen_id)]
    met = {ward for row in leading for ward in _wards(row)}
    first = sorted(leading, key=lambda row: row.at)[:1]
    return frozenset(met or {row.ward for row in first})


def newly_met(
    candidates: Sequence[HashedPerson],
    people: Sequence[ResolvedPerson],
    rows: Mapping[bytes, IndexRow],
) -> list[tuple[bytes, str]]:
    """Rows (hash, ward) that do not tell yet where their citizen was met. Pure.

    An office tells of its own people, whom nobody knew before, and of no others.
    """
    return [
        meeting
        for candidate, person in zip(candidates, people, strict=True)
        if candidate.met or person.identity.citizen_id == candidate.own_id
        for row in (candidate.by_id, candidate.by_phone)
        if row and rows[row.hash].to == person.identity.citizen_id
        for meeting in _missing(rows[row.hash], candidate.ward)
    ]


def _missing(row: IndexRow, ward: str) -> Iterator[tuple[bytes, str]]:
    known = _wards(row)
    if ward not in known:
        yield from ((row.hash, code) for code in (*known, ward))


def _wards(row: IndexRow) -> tuple[str, ...]:
    return (row.ward,) if row.met is None else row.met
