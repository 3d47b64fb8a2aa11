"""The life of a citizen's digital signature, as teams and CAs report it."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from services.events.codes import CertificateAuthority, SignatureSource
from services.events.declarations import Scope, keyed
from services.events.envelope import CitizenId, Data, Day, Event, Id, YesNo

BY_THE_TEAM = Scope(team="team_id", neighbourhood="neighbourhood_id")

SerialHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Signature(Data):
    """`subject` is the keyed hash of citizen and CA, so that all states of one signature meet."""

    citizen_id: CitizenId
    ca: CertificateAuthority
    source: SignatureSource = SignatureSource.CA
    certificate: SerialHash | None = None
    """Keyed hash of the certificate's serial number."""
    free: YesNo = True
    adult: YesNo | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    team_id: Id | None = None
    neighbourhood_id: Id | None = None


class SignatureRegistered(Event):
    """A citizen asked for a signature."""

    about = keyed("citizen_id", "ca")
    scope = BY_THE_TEAM
    type: Literal["signature.registered.v1"] = "signature.registered.v1"
    data: Signature


class SignatureIssued(Event):
    """A CA issued the certificate."""

    about = keyed("citizen_id", "ca")
    scope = BY_THE_TEAM
    type: Literal["signature.issued.v1"] = "signature.issued.v1"
    data: Signature


class SignatureActivated(Event):
    """The citizen signed for the first time or switched the signature on."""

    about = keyed("citizen_id", "ca")
    scope = BY_THE_TEAM
    type: Literal["signature.activated.v1"] = "signature.activated.v1"
    data: Signature


class SignatureSuspended(Event):
    """The certificate is not valid for now."""

    about = keyed("citizen_id", "ca")
    scope = BY_THE_TEAM
    type: Literal["signature.suspended.v1"] = "signature.suspended.v1"
    data: Signature


class SignatureRevoked(Event):
    """The certificate is valid no longer."""

    about = keyed("citizen_id", "ca")
    scope = BY_THE_TEAM
    type: Literal["signature.revoked.v1"] = "signature.revoked.v1"
    data: Signature
