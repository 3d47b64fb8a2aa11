"""What is told of a person, detail by detail: read, refused, or set aside so that the event stands.

A detail in doubt refuses an event only where it is what the event is about. `Không có` in place of
a number, and a relative's number that serves nothing, are set aside, and the poster hears of it.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from services.events.person import Person, PhoneOwner
from services.platform.problems import Problem, ProblemKind
from services.registration.citizens.doubt import is_no_national_id, is_no_phone, says_nothing
from services.registration.citizens.identity import address, national_id, phone
from services.registration.citizens.problems import (
    ADDRESS_MALFORMED,
    ADDRESS_SET_ASIDE,
    CERTIFICATE_SET_ASIDE,
    NATIONAL_ID_SET_ASIDE,
    PHONE_SET_ASIDE,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Details:
    """In the forms that are hashed; None for what was not told, serves nothing, or is in doubt."""

    national_id: str | None
    phone: str | None
    """A mobile of their own, in E.164."""
    address: str | None
    certificate: str | None
    set_aside: tuple[Problem, ...]


def read_details(person: Person, wanted: Set[str], needed: Set[str], *, member: bool) -> Details:
    """`wanted`: the ids that the event has a field for; `needed`: those it cannot do without.

    Raises: Problem.
    """
    lives, must_live = "household_id" in wanted, "household_id" in needed
    identifies = member or "citizen_id" in wanted
    own = identifies and person.phone_owner is PhoneOwner.SELF
    if must_live and person.address and says_nothing(person.address):
        raise Problem(ADDRESS_MALFORMED, "/data/person/address")
    doubt = _Doubt()
    number = doubt.unless(_PHONE, person.phone, phone, refuses=own)
    digits = doubt.unless(_NATIONAL_ID, person.national_id, national_id, refuses=identifies)
    place = doubt.unless(_ADDRESS, person.address, address, refuses=must_live)
    serial = doubt.unless(_CERTIFICATE, person.certificate_serial, str, refuses=False)
    return Details(
        national_id=digits,
        phone=number.e164 if own and number and number.mobile else None,
        address=place if lives else None,
        certificate=serial if "certificate" in wanted else None,
        set_aside=tuple(doubt.set_aside),
    )


class _Detail(NamedTuple):
    name: str
    kind: ProblemKind
    says_nothing: Callable[[str], bool]


_PHONE = _Detail("phone", PHONE_SET_ASIDE, is_no_phone)
_NATIONAL_ID = _Detail("national_id", NATIONAL_ID_SET_ASIDE, is_no_national_id)
_CERTIFICATE = _Detail("certificate_serial", CERTIFICATE_SET_ASIDE, says_nothing)
_ADDRESS = _Detail("address", ADDRESS_SET_ASIDE, says_nothing)


@dataclass(slots=True)
class _Doubt:
    set_aside: list[Problem] = field(default_factory=list)

    def unless(
        self, detail: _Detail, text: str | None, read: Callable[[str], T], *, refuses: bool
    ) -> T | None:
        """What was read of it. Raises: Problem where it `refuses` the event."""
        if not text:
            return None
        try:
            if not detail.says_nothing(text):
                return read(text)
        except Problem:
            if refuses:
                raise
        self.set_aside.append(Problem(detail.kind, f"/data/person/{detail.name}"))
        return None
