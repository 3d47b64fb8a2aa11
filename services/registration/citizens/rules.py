"""What may be recorded about a citizen: consent, the end of a record, two records of one person."""

from dataclasses import dataclass, replace

from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.codes import Purpose
from services.events.envelope import Event
from services.registration.citizens.problems import (
    CITIZEN_ALREADY_MERGED,
    CITIZEN_ERASED,
    MERGED_WITH_ITSELF,
)
from services.registration.intake.subject import (
    COORDINATORS,
    KIOSKS,
    VOLUNTEERS,
    Accepts,
    Refusal,
    Role,
    Subject,
)

KIND = "citizen"
WHO_HEARS_IT = VOLUNTEERS | KIOSKS | COORDINATORS | {Role.CENTRE}
WHO_DECIDES = COORDINATORS | {Role.CENTRE}


@dataclass(frozen=True)
class Citizen:
    """What the history of one record says."""

    citizen_id: str
    purposes: tuple[Purpose, ...] = ()
    """What the citizen agrees to at present."""
    wording: str | None = None
    """Version of the text under which consent was last given."""
    erased: bool = False
    merged_into: str | None = None
    """The record of the same person that stays."""


def evolve(citizen: Citizen | None, event: Event) -> Citizen:
    """The record once `event` is recorded; the subject of a merger is the record that ends."""
    citizen = citizen or Citizen(event.subject)
    if citizen.erased:
        return citizen
    match event:
        case ConsentGiven(data=consent):
            given = {*citizen.purposes, *consent.purposes}
            return replace(citizen, purposes=tuple(sorted(given)), wording=consent.wording)
        case ConsentWithdrawn(data=consent):
            left = set(citizen.purposes) - set(consent.purposes)
            return replace(citizen, purposes=tuple(sorted(left)))
        case CitizenErased():
            return Citizen(citizen.citizen_id, erased=True)
        case CitizenMerged(data=merger):
            return replace(citizen, merged_into=merger.citizen_id)
        case _:
            return citizen


def must_stand(citizen: Citizen | None, _: Event) -> None:
    """Nothing is added to a record that was erased or merged. Raises: Refusal."""
    if citizen and citizen.erased:
        raise Refusal(CITIZEN_ERASED, "/data/citizen_id")
    if citizen and citizen.merged_into:
        raise Refusal(CITIZEN_ALREADY_MERGED, "/data/citizen_id")


def must_be_there(citizen: Citizen | None, _: Event) -> None:
    """A record is erased once; one that was merged may be named too. Raises: Refusal."""
    if citizen and citizen.erased:
        raise Refusal(CITIZEN_ERASED, "/data/citizen_id")


def must_be_two(citizen: Citizen | None, merger: CitizenMerged) -> None:
    """A record is merged once, and into another. Raises: Refusal."""
    if merger.data.merged_id == merger.data.citizen_id:
        raise Refusal(MERGED_WITH_ITSELF, "/data/merged_id")
    must_stand(citizen, merger)


CITIZEN = Subject[Citizen](
    kind=KIND,
    evolve=evolve,
    accepts={
        ConsentGiven: Accepts(by=WHO_HEARS_IT, check=must_stand),
        ConsentWithdrawn: Accepts(by=WHO_HEARS_IT, whatever_followed=True),
        CitizenErased: Accepts(by=WHO_DECIDES, check=must_be_there, whatever_followed=True),
        CitizenMerged: Accepts(by=WHO_DECIDES, check=must_be_two),
    },
)
