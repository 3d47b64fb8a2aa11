"""A door was knocked on."""

from typing import Annotated, Literal

from pydantic import Field

from services.events.codes import VisitOutcome
from services.events.declarations import Scope, first_of
from services.events.envelope import A_NUMBER, Data, Day, Event, HouseholdId, Id

People = Annotated[int, Field(ge=0, le=200), A_NUMBER]


class Visit(Data):
    """What was found at one household."""

    household_id: HouseholdId
    neighbourhood_id: Id | None = None
    team_id: Id
    outcome: VisitOutcome
    revisit_on: Day | None = None
    adults: People | None = None
    smart_devices: People | None = None
    phones_2g: People | None = None
    converted: People | None = None


class HouseholdVisited(Event):
    """A team stood at a household's door."""

    about = first_of("household_id")
    scope = Scope(team="team_id", neighbourhood="neighbourhood_id")
    type: Literal["household.visited.v1"] = "household.visited.v1"
    data: Visit
