"""What is posted is taken as it is written, and never guessed from something else."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.events.assistance import CitizenAssisted
from services.events.registry import parse
from services.events.signatures import SignatureIssued
from tests.builders import posted

GUESSED = [
    (CitizenAssisted, "time", 1_760_150_000),
    (CitizenAssisted, "time", "1760150000"),
    (CitizenAssisted, "clockoffset", True),
    (CitizenAssisted, "clockoffset", "5"),
    (CitizenAssisted, "data.duration_s", "300"),
    (SignatureIssued, "data.free", 0),
    (SignatureIssued, "data.free", "yes"),
    (SignatureIssued, "data.valid_from", 0),
    (SignatureIssued, "data.valid_from", "0"),
]


@pytest.mark.parametrize(("event_class", "name", "value"), GUESSED)
def test_value_of_another_kind_is_not_guessed(
    event_class: type[Any], name: str, value: object
) -> None:
    event = posted(event_class)
    parse(event)

    part, _, field = name.rpartition(".")
    told = event[part] if part else event
    told[field] = value

    with pytest.raises(ValidationError):
        parse(event)
