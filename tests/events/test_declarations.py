"""What the class of an event must declare before anything starts."""

from typing import Literal

import pytest

from services.events.declarations import BY_WARD, Scope, first_of
from services.events.envelope import Data, Event
from services.events.registry import EVENT_CLASSES, type_name


class Found(Data):
    """Of a toy type."""

    place_id: str


def test_type_that_declares_no_scope_does_not_start() -> None:
    with pytest.raises(TypeError, match="DogFound declares no `scope`"):

        class DogFound(Event):
            type: Literal["dog.found.v1"] = "dog.found.v1"
            data: Found


@pytest.mark.parametrize(
    ("scope", "about"),
    [(Scope(team="team_id"), first_of("place_id")), (BY_WARD, first_of("team_id"))],
)
def test_type_that_declares_a_field_that_its_data_has_not_does_not_start(
    scope: Scope, about: object
) -> None:
    declared = {"scope": scope, "about": about, "__module__": __name__}
    fields = {"type": Literal["dog.found.v1"], "data": Found}

    with pytest.raises(TypeError, match="DogFound declares `team_id`"):
        type(
            "DogFound",
            (Event,),
            {**declared, "__annotations__": fields, "type": "dog.found.v1"},
        )


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=type_name)
def test_type_that_names_a_team_is_in_the_scope_of_that_team_alone(
    event_class: type[Event],
) -> None:
    data = event_class.model_fields["data"].annotation

    if "team_id" in getattr(data, "model_fields", {}):
        assert event_class.scope.team == "team_id"
