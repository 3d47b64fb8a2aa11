"""From what happened to records: the fields of each type that a phone posts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from demo import parameters as p
from demo.at_the_door import address_of
from demo.chance import event_id, shares
from demo.people import Person
from demo.record import Fact, Record, What
from demo.setting import Member, Phone
from services.events.codes import (
    AgeBand,
    CertificateAuthority,
    Outcome,
    Service,
    SignatureSource,
    VisitOutcome,
)

WORDING = "minh-hoa-2025-10"
DONE = (Outcome.CAN_DO, Outcome.USING)
YEARS_VALID = timedelta(days=2 * 365)


class Writer:
    """Writes down for one phone."""

    def __init__(self, phone: Phone, draw: Random) -> None:
        self._team = phone.team
        self._draw = draw
        self._place: dict[str, str] = {"team_id": phone.team.id}
        if phone.team.neighbourhood_id:
            self._place["neighbourhood_id"] = phone.team.neighbourhood_id

    def visited(self, at: datetime, household: int, visit: Mapping[str, Any]) -> Record:
        """A door was knocked on."""
        data = {**visit, **self._place, "person": address_of(household)}
        met = str(visit["outcome"]) if visit["outcome"] is VisitOutcome.MET else ""
        fact = self._fact(What.DOOR, str(household), at, detail=met)
        return self._record("household.visited.v1", at, data, fact)

    def assisted(
        self,
        at: datetime,
        who: Person,
        where: Mapping[str, str],
        given: Sequence[Mapping[str, Any]],
        helper: Member,
        seconds: int,
    ) -> Record:
        """Somebody was helped."""
        data: dict[str, Any] = {
            "services": given,
            "channel": self._team.channel,
            "device": who.device,
            "groups": who.groups,
            "age_band": who.age_band,
            "member_id": helper.id,
            "member_kind": helper.kind,
            "duration_s": seconds,
            **self._place,
            "person": {**who.given, **where},
        }
        if point := self._team.service_point_id:
            data["service_point_id"] = point
        known = str(who.number) if who.identified else ""
        fact = self._fact(What.VISIT, known, at, amount=len(given))
        return self._record("citizen.assisted.v1", at, data, fact)

    def signature(
        self, at: datetime, who: Person, given: Sequence[Mapping[str, Any]]
    ) -> Iterator[Record]:
        """Asked for and issued, and mostly activated, in the last minutes of the visit."""
        wanted = any(
            line["service"] is Service.DIGITAL_SIGNATURE and line["outcome"] in DONE
            for line in given
        )
        if not wanted or not who.identified or who.age_band is AgeBand.FROM_14_TO_17:
            return
        which, through, activated = shares(3, "signature", who.number)
        steps = ["registered", "issued"] + ["activated"] * (activated < p.ACTIVATED)
        authorities = list(CertificateAuthority)
        data: dict[str, Any] = {
            "ca": authorities[int(which * len(authorities))],
            "source": _through(through),
            "adult": True,
            **self._place,
        }
        for n, step in enumerate(steps):
            then = at - timedelta(seconds=30 * (len(steps) - n))
            fact = self._fact(What.SIGNATURE, str(who.number), then, detail=step)
            said = data | _certificate(who, then) if step == "issued" else data
            said = said | {"person": who.given | said.get("person", {})}
            yield self._record(f"signature.{step}.v1", then, said, fact)

    def consent(self, at: datetime, who: Person) -> Iterator[Record]:
        """Agreed to an SMS; a few take it back on the next day."""
        yield self._consent("given", at, who)
        if who.stops:
            yield self._consent("withdrawn", at + timedelta(hours=20), who)

    def _consent(self, step: str, at: datetime, who: Person) -> Record:
        method = "spoken" if step == "withdrawn" else "app_form"
        data = {
            "purposes": ["visit"],
            "method": method,
            "wording": WORDING,
            "person": who.given,
        }
        fact = self._fact(What.CONSENT, str(who.number), at, detail=step)
        return self._record(f"consent.{step}.v1", at, data, fact)

    def _record(self, type_: str, at: datetime, data: Mapping[str, Any], fact: Fact) -> Record:
        return Record(event_id(at, self._draw), type_, at, self._team.ward, data, fact)

    def _fact(
        self, what: What, who: str, at: datetime, *, detail: str = "", amount: int = 0
    ) -> Fact:
        return Fact(what, who, at, self._team.ward, detail, amount, self._team.id)


def _through(share: float) -> SignatureSource:
    return SignatureSource.VNEID if share < p.THROUGH_VNEID else SignatureSource.CA


def _certificate(who: Person, at: datetime) -> dict[str, Any]:
    day = at.date()
    return {
        "valid_from": day,
        "valid_to": day + YEARS_VALID,
        "person": {"certificate_serial": f"MINHHOA-{who.number}"},
    }
