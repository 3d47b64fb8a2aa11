"""Invented people, each known by a number alone: what they have, give and agree to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from demo.chance import shares
from demo.parameters import (
    CONSENT,
    FROM_60,
    GIVES_NATIONAL_ID,
    HELPED_IN_A_HOUSEHOLD,
    NO_OPERATOR,
    NO_PHONE,
    NO_PROVINCE,
    STOP,
    VULNERABLE,
)
from services.events.codes import AgeBand, Device, Group
from services.events.person import PhoneOwner

PHONES = 10 ** (10 - len(NO_OPERATOR))
"""So many numbers there are; the city stays below."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is helped; the same whenever they are met."""

    number: int
    age_band: AgeBand
    groups: tuple[Group, ...]
    phone_owner: PhoneOwner
    gives_national_id: bool
    consents: bool
    stops: bool

    @property
    def identified(self) -> bool:
        """Whether registration can tell who it is: else a visit (lượt), never a person (người)."""
        return self.gives_national_id or self.own_phone

    @property
    def own_phone(self) -> bool:
        return self.phone_owner is PhoneOwner.SELF

    @property
    def device(self) -> Device:
        """On whose device they are helped."""
        return {
            PhoneOwner.SELF: Device.OWN,
            PhoneOwner.RELATIVE: Device.OTHER,
            PhoneOwner.NONE: Device.NONE,
        }[self.phone_owner]

    @property
    def given(self) -> dict[str, Any]:
        """As the phone sends it in `data.person`."""
        person: dict[str, Any] = {
            "name": f"Người dân {self.number}",
            "phone_owner": self.phone_owner,
        }
        if self.gives_national_id:
            person["national_id"] = f"{NO_PROVINCE}{self.number:09d}"
        if self.phone_owner is not PhoneOwner.NONE:
            person["phone"] = phone(self._whose)
        return person

    @property
    def _whose(self) -> int:
        first = self.number - self.number % HELPED_IN_A_HOUSEHOLD
        return self.number if self.own_phone else first


def phone(number: int) -> str:
    """A number of a range that nobody has."""
    return f"{NO_OPERATOR}{number % PHONES:0{10 - len(NO_OPERATOR)}d}"


@lru_cache(maxsize=50_000)
def person(seed: int, number: int) -> Person:
    """The person of this number."""
    age, vulnerable, phone_, lent, id_, agrees, stops, kind = shares(8, seed, "person", number)
    owner = PhoneOwner.SELF
    if phone_ < NO_PHONE:
        owner = PhoneOwner.RELATIVE if lent < 0.5 else PhoneOwner.NONE
    consents = owner is PhoneOwner.SELF and agrees < CONSENT
    band = _age_band(age)
    return Person(
        number=number,
        age_band=band,
        groups=_groups(band, vulnerable=vulnerable < VULNERABLE, kind=kind),
        phone_owner=owner,
        gives_national_id=id_ < GIVES_NATIONAL_ID,
        consents=consents,
        stops=consents and stops < STOP,
    )


def _age_band(share: float) -> AgeBand:
    if share < FROM_60:
        return AgeBand.FROM_60
    return AgeBand.FROM_18_TO_59 if share < 0.95 else AgeBand.FROM_14_TO_17


_WORK: Mapping[Group, float] = {
    Group.WORKER: 0.35,
    Group.TRADER: 0.2,
    Group.ENTERPRISE_EMPLOYEE: 0.15,
    Group.RESIDENT: 0.3,
}


def _groups(band: AgeBand, *, vulnerable: bool, kind: float) -> tuple[Group, ...]:
    more = (Group.VULNERABLE,) if vulnerable else ()
    if band is AgeBand.FROM_60:
        return (Group.ELDERLY, *more)
    if band is AgeBand.FROM_14_TO_17:
        return (Group.STUDENT, *more)
    for group, share in _WORK.items():
        if kind < share:
            return (group, *more)
        kind -= share
    return (Group.RESIDENT, *more)
