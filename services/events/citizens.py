"""What a citizen agreed to, and the two changes of who a citizen is. `subject` is the citizen."""

from typing import Annotated, Literal

from pydantic import FailFast, Field

from services.events.codes import ConsentMethod, ErasureReason, Purpose
from services.events.declarations import BY_WARD, Kind, first_of
from services.events.envelope import CitizenId, Data, Event, Id, Version

CITIZENS = Kind("citizen")


class Consent(Data):
    """Purposes given or withdrawn, how, and under which wording."""

    citizen_id: CitizenId
    purposes: Annotated[tuple[Purpose, ...], FailFast(), Field(min_length=1, max_length=10)]
    method: ConsentMethod
    wording: Version
    """Version of the text that the citizen was shown or read."""
    request_id: Id | None = None


class ConsentGiven(Event):
    """A citizen agreed."""

    about = first_of("citizen_id")
    scope = BY_WARD
    type: Literal["consent.given.v1"] = "consent.given.v1"
    data: Consent


class ConsentWithdrawn(Event):
    """A citizen took consent back."""

    about = first_of("citizen_id")
    scope = BY_WARD
    type: Literal["consent.withdrawn.v1"] = "consent.withdrawn.v1"
    data: Consent


class Erasure(Data):
    """Whose identity and contact are to be destroyed; counts stay."""

    citizen_id: CitizenId
    request_id: Id | None = None
    """The `request.received.v1` of another person, which a ward's erasure needs."""
    reason: ErasureReason | None = None
    """The centre's own, where no request of another person is named."""


class CitizenErased(Event):
    """Nothing leads from this id to a person any more."""

    about = first_of("citizen_id")
    scope = BY_WARD
    type: Literal["citizen.erased.v1"] = "citizen.erased.v1"
    data: Erasure


class Merger(Data):
    """`merged_id` was the same person as `citizen_id`, which stays."""

    citizen_id: CitizenId
    merged_id: CitizenId
    request_id: Id | None = None


class CitizenMerged(Event):
    """Two records turned out to be one person."""

    about = first_of("merged_id")
    scope = BY_WARD
    type: Literal["citizen.merged.v1"] = "citizen.merged.v1"
    data: Merger
