"""Organisations that stand behind teams, points and activities."""

from typing import Literal

from services.events.codes import OrganisationKind
from services.events.declarations import BY_WARD, Kind
from services.events.envelope import Data, Day, Event, Id, Text

ORGANISATIONS = Kind("organisation", plural="organisations")


class Organisation(Data):
    """Abolished ones stay readable and cannot post."""

    kind: OrganisationKind
    name: Text
    parent_id: Id | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class OrganisationRegistered(Event):
    """An organisation is known; registering it again brings newer facts. `subject` is its id."""

    scope = BY_WARD
    type: Literal["organisation.registered.v1"] = "organisation.registered.v1"
    data: Organisation
