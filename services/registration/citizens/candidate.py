"""A person as the index will ask for it: keyed hashes, and fresh ids in case it is new."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.events.person import Person
from services.platform.ids import random_id
from services.platform.personal_data.contact_wire import Contact, new_data_key
from services.platform.problems import Problem
from services.registration.citizens.addresses import former_form
from services.registration.citizens.details import read_details
from services.registration.citizens.doubt import says_nothing
from services.registration.citizens.identity import Hasher, Kind, known_province
from services.registration.citizens.rows import IndexRow
from services.registration.citizens.vault import Vault
from services.registration.intake.persons import Identity


@dataclass(slots=True)
class HashedPerson:
    """Rows that hold unless the index knows better; `contact` leaves the memory encrypted only."""

    own_id: str
    member: bool
    by_id: IndexRow | None = None
    by_phone: IndexRow | None = None
    household: IndexRow | None = None
    certificate: str | None = None
    contact: Contact | None = field(default=None, repr=False)
    data_key: bytes | None = None
    """The citizen's, wrapped: the fresh one until the index tells whose record it is."""
    former: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    """The same under former keys, and as former versions wrote it."""
    unknown_province: bool = False
    formerly: str | None = None
    """Whose number it was, where the index found that it has changed hands."""
    set_aside: tuple[Problem, ...] = ()
    """Details in doubt, without which the event stands."""
    ward: str = ""
    met: bool = True
    """Whether it was at the door; an office's word makes nobody its own whom others know."""

    @property
    def rows(self) -> Iterator[IndexRow]:
        """Those that there are."""
        return (row for row in (self.by_id, self.by_phone, self.household) if row)

    @property
    def known_by(self) -> Iterator[IndexRow]:
        """Those that tell who it is."""
        return (row for row in (self.by_id, self.by_phone) if row)

    @property
    def identity(self) -> Identity:
        """The ids, were all of it new."""
        somebody = self.own_id if self.by_id or self.by_phone else None
        return self.known_as(somebody, self.household.to if self.household else None)

    def known_as(self, somebody: str | None, household_id: str | None) -> Identity:
        """The ids once the index has spoken."""
        return Identity(
            citizen_id=None if self.member else somebody,
            household_id=household_id,
            member_id=somebody if self.member else None,
            certificate=self.certificate,
        )

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """By which what is kept of this person is found again, to be erased."""
        return tuple(row.hash for row in self.known_by)


@dataclass(frozen=True)
class Candidates:
    """Makes candidates, in memory alone."""

    hasher: Hasher
    vault: Vault
    former: tuple[Hasher, ...] = ()

    def known_by(
        self, kind: Kind, parts: tuple[str, ...], former: Sequence[tuple[str, ...]]
    ) -> tuple[bytes, ...]:
        """Hashes under which a row may stand since before a key or a form changed."""
        rotated = (hasher.of(kind, *parts) for hasher in self.former)
        hashers = (self.hasher, *self.former)
        return (*rotated, *(hasher.of(kind, *form) for form in former for hasher in hashers))

    def of(
        self,
        person: Person,
        ward: str,
        event_id: str,
        wanted: frozenset[str],
        now: datetime,
        needed: frozenset[str] | None = None,
        *,
        met: bool = True,
    ) -> HashedPerson:
        """Only what serves an id named in `wanted`. Raises: Problem for what it is about."""
        draft = _Draft(self, ward, event_id, now, member=_about_a_member(wanted))
        must = wanted if needed is None else needed
        told = read_details(person, wanted, must, member=draft.member)
        made = draft.candidate
        made.ward, made.met, made.set_aside = ward, met, told.set_aside
        if person.address and told.address:
            made.household = draft.live_at(told.address, formerly=former_form(person.address))
        if draft.member or "citizen_id" in wanted:
            draft.identify_by(told.national_id, told.phone, self._names(person))
            made.contact = _contact(person, told.phone) if told.phone else None
        if told.certificate:
            made.certificate = self.hasher.certificate(told.certificate)
        return made

    def _names(self, person: Person) -> tuple[bytes, ...]:
        """None where no name was told."""
        told = person.name and not says_nothing(person.name)
        return self.hasher.names(person.name) if told and person.name else ()


class _Draft:
    def __init__(
        self, makes: Candidates, ward: str, event_id: str, now: datetime, *, member: bool
    ) -> None:
        self._makes = makes
        self._ward, self._event_id, self._now = ward, event_id, now
        self.member = member
        self.candidate = HashedPerson(random_id("m" if member else "c"), member)

    def identify_by(
        self, digits: str | None, number: str | None, names: tuple[bytes, ...] = ()
    ) -> None:
        made = self.candidate
        if not self.member and (digits or number):
            made.data_key = self._makes.vault.wrap(new_data_key(), made.own_id)
        if digits:
            kind = Kind.MEMBER_NATIONAL_ID if self.member else Kind.NATIONAL_ID
            made.by_id = self.row(kind, made.own_id, digits, hint=digits[-3:])
            made.unknown_province = not known_province(digits)
        if number:
            kind = Kind.MEMBER_PHONE if self.member else Kind.PHONE
            row = self.row(kind, made.own_id, number, hint=number[-3:])
            made.by_phone = replace(row, names=names, seen_at=self._now)

    def live_at(self, place: str, formerly: str) -> IndexRow:
        forms = [(self._ward, formerly)] if formerly not in ("", place) else []
        return self.row(Kind.ADDRESS, random_id("h"), self._ward, place, former=forms)

    def row(
        self,
        kind: Kind,
        to: str,
        *parts: str,
        hint: str = "",
        former: Sequence[tuple[str, ...]] = (),
    ) -> IndexRow:
        found_by = self._makes.hasher.of(kind, *parts)
        if known_by := self._makes.known_by(kind, parts, former):
            self.candidate.former[found_by] = known_by
        citizens, met_at = kind in (Kind.NATIONAL_ID, Kind.PHONE), self.candidate.household
        return IndexRow(
            hash=found_by,
            kind=kind,
            to=to,
            ward=self._ward,
            key_id=self._makes.hasher.key_id,
            at=self._now,
            used_by=(self._event_id,),
            data_key=self.candidate.data_key if citizens else None,
            hint=self._makes.vault.seal_hint(hint, found_by) if hint else None,
            addresses=(met_at.hash,) if citizens and met_at else (),
            met=(self._ward,) if self.candidate.met else (),
        )


def _about_a_member(wanted: frozenset[str]) -> bool:
    """A visit has a member too, but its person is the citizen."""
    return "member_id" in wanted and not wanted & {"citizen_id", "household_id"}


def _contact(person: Person, number: str) -> Contact:
    return Contact(phone=number, name=person.name)
