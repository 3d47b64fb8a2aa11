"""What may be recorded about a citizen: consent, the end of a record, two records of one person."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.events.citizens import (
    CITIZENS,
    CitizenErased,
    CitizenMerged,
    ConsentGiven,
    ConsentWithdrawn,
)
from services.events.codes import Purpose, RequestKind
from services.events.envelope import Event
from services.events.requests import REQUESTS
from services.registration.citizens.problems import (
    CITIZEN_ALREADY_MERGED,
    CITIZEN_ERASED,
    ERASURE_NEEDS_TWO,
    ERASURE_NOT_ASKED_FOR,
    MERGED_WITH_ITSELF,
)
from services.registration.subjects.actor import COORDINATORS, KIOSKS, VOLUNTEERS, Actor, Role
from services.registration.subjects.owners import OfCitizen, OfRow, Owner
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import NEVER, Accepts, Decided, Known, Reference

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


def the_request(erasure: CitizenErased) -> Iterator[Reference]:
    """Received, and not closed."""
    if request_id := erasure.data.request_id:
        yield Reference((REQUESTS,), request_id, "/data/request_id", erasure.day)


def must_be_two_people(erasure: CitizenErased, actor: Actor, known: Known) -> None:
    """What cannot be undone one person of a ward asks for and another confirms, also where the
    first used a phone of their own; the centre gives its reason, so that a ward of one coordinator
    keeps the law's 20 days. Raises: Refusal."""
    told = erasure.data
    if actor.role is Role.CENTRE and told.reason:
        return
    asked = known.rows.get(told.request_id or "")
    if asked is None or known.people[asked["received_by"]] == actor.source:
        raise Refusal(ERASURE_NEEDS_TWO, "/data/request_id")
    its_own = (asked["kind"], asked["citizen_id"]) == (RequestKind.DATA_ERASURE, told.citizen_id)
    if not its_own or asked["closed_on"]:
        raise Refusal(ERASURE_NOT_ASKED_FOR, "/data/request_id")


def whoever_it_is_about(event: Event) -> Iterator[Owner]:
    """The citizen, of a merger both; and of an erasure the request that it answers."""
    match event:
        case CitizenMerged(data=merger):
            yield OfCitizen(merger.merged_id, "/data/merged_id")
            yield OfCitizen(merger.citizen_id, "/data/citizen_id")
        case CitizenErased(data=erasure):
            yield OfCitizen(erasure.citizen_id, "/data/citizen_id")
            if erasure.request_id:
                yield OfRow((REQUESTS,), erasure.request_id, "/data/request_id", city_crosses=True)
        case ConsentGiven(data=consent) | ConsentWithdrawn(data=consent):
            yield OfCitizen(consent.citizen_id, "/data/citizen_id")


CITIZEN = Decided[Citizen](
    kind=CITIZENS,
    state=Citizen,
    evolve=evolve,
    belongs=whoever_it_is_about,
    ends_on=NEVER,
    accepts={
        ConsentGiven: Accepts(by=WHO_HEARS_IT, check=must_stand),
        ConsentWithdrawn: Accepts(by=WHO_HEARS_IT, whatever_followed=True),
        CitizenErased: Accepts(
            by=WHO_DECIDES,
            check=must_be_there,
            refers=the_request,
            weighs=must_be_two_people,
            whatever_followed=True,
        ),
        CitizenMerged: Accepts(by=WHO_DECIDES, check=must_be_two),
    },
)
