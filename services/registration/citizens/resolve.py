"""Who is who: from what the index knew and what was new, to one id a person. Pure.

A national id beats a phone. Where both are known and lead to two people, nobody is merged: the
national id tells who it is, and the phone is theirs from then on, unless whoever had it has a
national id too. A number that is new joins the record that the other one leads to, unless that
record has a national id of its own already, or the phone has changed hands meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from services.registration.citizens.candidate import HashedPerson
from services.registration.citizens.hands import as_seen, changed_hands
from services.registration.citizens.identity import Kind
from services.registration.citizens.rows import IndexRow, Repoint
from services.registration.intake.persons import Identity

NATIONAL_IDS = frozenset({Kind.NATIONAL_ID, Kind.MEMBER_NATIONAL_ID})


@dataclass(frozen=True, slots=True)
class ResolvedPerson:
    """The ids of one person, and the citizen's wrapped data key."""

    identity: Identity
    data_key: bytes | None = None
    formerly: str | None = None
    """Whose number it was until now."""


@dataclass(slots=True)
class Resolution:
    """What became of a group of candidates, in their order, and what it changes in the index."""

    people: list[ResolvedPerson] = field(default_factory=list)
    changes: list[Repoint] = field(default_factory=list)


def first_of_each(candidates: Iterable[HashedPerson]) -> dict[bytes, IndexRow]:
    """The rows of a group; where two name the same number or address, the first one's."""
    rows: dict[bytes, IndexRow] = {}
    for candidate in candidates:
        for row in candidate.rows:
            rows.setdefault(row.hash, row)
    return rows


def adoptable(candidates: Iterable[HashedPerson], rows: Mapping[bytes, IndexRow]) -> set[str]:
    """Records of a phone that a national id would join, or take it from, if they have none yet."""
    return {
        rows[c.by_phone.hash].to
        for c in candidates
        if c.by_id and c.by_phone
        if rows[c.by_phone.hash].to not in (c.own_id, rows[c.by_id.hash].to)
    }


def resolve(
    candidates: Iterable[HashedPerson], rows: Mapping[bytes, IndexRow], numbered: Set[str]
) -> Resolution:
    """`rows` as they stand now; `numbered`: records whose national id is known from before."""
    view = dict(rows)
    has_number = {row.to for row in rows.values() if row.kind in NATIONAL_IDS} | numbered
    resolution = Resolution()
    for candidate in candidates:
        change = _change(candidate, view, has_number)
        if change:
            view[change.hash] = _moved(view[change.hash], change)
            if candidate.by_id:
                has_number.add(change.to)
            resolution.changes.append(change)
        formerly = change.was if change and change.names is not None else None
        resolution.people.append(_person(candidate, view, formerly))
    return resolution


def _change(
    candidate: HashedPerson, view: Mapping[bytes, IndexRow], has_number: Set[str]
) -> Repoint | None:
    told = candidate.by_phone
    if told is None:
        return None
    by_phone = view[told.hash]
    if candidate.by_id:
        by_id = view[candidate.by_id.hash]
        return _change_of_both(candidate.own_id, by_id, by_phone, told, has_number)
    known = by_phone.to != candidate.own_id
    return _taken(by_phone, told) if known and changed_hands(by_phone, told) else None


def _change_of_both(
    own_id: str, by_id: IndexRow, by_phone: IndexRow, told: IndexRow, has_number: Set[str]
) -> Repoint | None:
    if by_id.to == by_phone.to:
        return None
    if by_phone.to == own_id:
        return _joining(by_phone, by_id)
    if by_phone.to in has_number:
        return None
    if by_id.to == own_id and not changed_hands(by_phone, told):
        return _joining(by_id, by_phone)
    return _taken(by_phone, replace(told, to=by_id.to, data_key=by_id.data_key))


def _taken(known: IndexRow, told: IndexRow) -> Repoint:
    """The number is another person's from now on; the older record keeps its visits alone."""
    return Repoint(known.hash, known.to, told.to, told.data_key, names=told.names)


def _joining(row: IndexRow, known: IndexRow) -> Repoint:
    """Also where that leads by a merger: should it be voided, both go back together."""
    return Repoint(row.hash, row.to, known.to, known.data_key, known.home, known.home_key)


def _moved(row: IndexRow, change: Repoint) -> IndexRow:
    return replace(
        row,
        to=change.to,
        data_key=change.data_key,
        home=change.home,
        home_key=change.home_key,
        names=row.names if change.names is None else change.names,
    )


def _person(
    candidate: HashedPerson, view: Mapping[bytes, IndexRow], formerly: str | None
) -> ResolvedPerson:
    named_by = candidate.by_id or candidate.by_phone
    found = view[named_by.hash] if named_by else None
    home = view[candidate.household.hash] if candidate.household else None
    identity = candidate.known_as(found.to if found else None, home.to if home else None)
    return ResolvedPerson(identity, found.data_key if found else None, formerly)


def seen(candidates: Iterable[HashedPerson], rows: Mapping[bytes, IndexRow]) -> list[IndexRow]:
    """Phones whose owners were met again, where that is to be noted."""
    found = list[IndexRow]()
    for candidate in candidates:
        told = candidate.by_phone
        if told and (known := rows[told.hash]) != told and not changed_hands(known, told):
            names, worth_it = as_seen(known, told)
            found += [replace(known, names=names, seen_at=told.at)] if worth_it else []
    return found


def used_before_settled(
    candidates: Sequence[HashedPerson], known: Mapping[bytes, IndexRow]
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
    candidates: Iterable[HashedPerson], known: Mapping[bytes, IndexRow]
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
