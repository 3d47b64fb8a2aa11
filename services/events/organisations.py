"""Organisations that stand behind teams, points and activities."""

from datetime import date
from typing import Literal

from services.events.codes import OrganisationKind
from services.events.envelope import Data, Event, Id, Text


class Organisation(Data):
    """Abolished ones stay readable and cannot post."""

    kind: OrganisationKind
    name: Text
    parent_id: Id | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class OrganisationRegistered(Event):
    """An organisation is known; registering it again brings newer facts. `subject` is its id."""

    type: Literal["organisation.registered.v1"] = "organisation.registered.v1"
    data: Organisation
