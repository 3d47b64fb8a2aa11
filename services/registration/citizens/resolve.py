"""Who is who: from what the index knew and what was new, to one id a person. Pure.

A national id beats a phone. Where both are known and lead to two people, nobody is merged: the
national id tells who it is, and the phone stays with whom it was. A number that is new joins the
record that the other one leads to, unless that record has a national id of its own already.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from services.registration.citizens.candidate import Candidate
from services.registration.citizens.identity import Kind
from services.registration.citizens.rows import Repoint, Row
from services.registration.intake.persons import Identity

NATIONAL_IDS = frozenset({Kind.NATIONAL_ID, Kind.MEMBER_NATIONAL_ID})


@dataclass(frozen=True, slots=True)
class Resolved:
    """The ids of one person, and the citizen's wrapped data key."""

    identity: Identity
    data_key: bytes | None = None


@dataclass(slots=True)
class Resolution:
    """What became of a group of candidates, in their order, and what it changes in the index."""

    people: list[Resolved] = field(default_factory=list)
    changes: list[Repoint] = field(default_factory=list)


def first_of_each(candidates: Iterable[Candidate]) -> dict[bytes, Row]:
    """The rows of a group; where two name the same number or address, the first one's."""
    rows: dict[bytes, Row] = {}
    for candidate in candidates:
        for row in candidate.rows:
            rows.setdefault(row.hash, row)
    return rows


def adoptable(candidates: Iterable[Candidate], rows: Mapping[bytes, Row]) -> set[str]:
    """Records that a new national id would join if they have none yet."""
    return {
        rows[c.by_phone.hash].to
        for c in candidates
        if c.by_id and c.by_phone
        if rows[c.by_id.hash].to == c.own_id != rows[c.by_phone.hash].to
    }


def resolve(
    candidates: Iterable[Candidate], rows: Mapping[bytes, Row], numbered: Set[str]
) -> Resolution:
    """`rows` as they stand now; `numbered`: records whose national id is known from before."""
    view = dict(rows)
    has_number = {row.to for row in rows.values() if row.kind in NATIONAL_IDS} | numbered
    resolution = Resolution()
    for candidate in candidates:
        change = _change(candidate, view, has_number)
        if change:
            view[change.hash] = _moved(view[change.hash], change)
            has_number.add(change.to)
            resolution.changes.append(change)
        resolution.people.append(_person(candidate, view))
    return resolution


def _change(
    candidate: Candidate, view: Mapping[bytes, Row], has_number: Set[str]
) -> Repoint | None:
    if candidate.by_id is None or candidate.by_phone is None:
        return None
    by_id, by_phone = view[candidate.by_id.hash], view[candidate.by_phone.hash]
    if by_id.to == by_phone.to:
        return None
    if by_phone.to == candidate.own_id:
        return _joining(by_phone, by_id)
    if by_id.to == candidate.own_id and by_phone.to not in has_number:
        return _joining(by_id, by_phone)
    return None


def _joining(row: Row, known: Row) -> Repoint:
    """Also where that leads by a merger: should it be voided, both go back together."""
    return Repoint(row.hash, row.to, known.to, known.data_key, known.home, known.home_key)


def _moved(row: Row, change: Repoint) -> Row:
    return replace(
        row,
        to=change.to,
        data_key=change.data_key,
        home=change.home,
        home_key=change.home_key,
    )


def _person(candidate: Candidate, view: Mapping[bytes, Row]) -> Resolved:
    named_by = candidate.by_id or candidate.by_phone
    found = view[named_by.hash] if named_by else None
    home = view[candidate.household.hash] if candidate.household else None
    identity = candidate.known_as(found.to if found else None, home.to if home else None)
    return Resolved(identity, found.data_key if found else None)


def used_before_settled(
    candidates: Sequence[Candidate], known: Mapping[bytes, Row]
) -> list[tuple[bytes, str]]:
    """Rows that another event brought and the sweep has not settled, with the event using them."""
    return [
        (row.hash, row.used_by[0])
        for candidate in candidates
        for row in candidate.rows
        if row.hash in known and known[row.hash].used_by
        if row.used_by[0] not in known[row.hash].used_by
    ]


def met_elsewhere(
    candidates: Iterable[Candidate], known: Mapping[bytes, Row]
) -> set[tuple[bytes, bytes]]:
    """Rows that were there already, each with an address at which its citizen is met for the first
    time: few are."""
    return {
        (row.hash, address)
        for candidate in candidates
        for row in candidate.known_by
        for address in row.addresses
        if row.hash in known and address not in known[row.hash].addresses
    }
