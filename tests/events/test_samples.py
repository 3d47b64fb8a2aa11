"""Golden samples: what was once published can be read for ever.

A sample is never changed. A new field comes with one more sample, such as
`citizen.assisted.v1.full-2026-11.json`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from services.events.codes import Code
from services.events.envelope import Event
from services.events.registry import (
    BY_TYPE,
    EVENT_CLASSES,
    UnknownType,
    encode,
    parse,
    type_name,
)
from tests.builders import as_json, event

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return sample


def said(sample: object) -> Iterator[str]:
    """Names of all fields that a sample fills, at any depth."""
    match sample:
        case dict():
            for name, value in sample.items():
                yield name
                yield from said(value)
        case list():
            for value in sample:
                yield from said(value)


def fields(model: type[BaseModel]) -> Iterator[str]:
    """Names of all fields that a class has, at any depth."""
    for name, field in model.model_fields.items():
        yield name
        yield from inner_fields(field.annotation)


def inner_fields(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from fields(annotation)
    for inner in get_args(annotation):
        yield from inner_fields(inner)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_golden_sample_parses_and_comes_back_the_same(path: Path) -> None:
    sample = read(path)

    parsed = parse(sample)

    assert parse(json.loads(encode(parsed))) == parsed
    assert path.name.startswith(f"{sample['type']}.")
    if parsed.type == sample["type"]:  # an earlier version's says it in its own way
        assert as_json(parsed) == with_defaults(sample, as_json(parsed))


def with_defaults(sample: Any, encoded: Any) -> Any:
    """The sample with what encoding adds: defaults of fields that it does not name."""
    if isinstance(sample, dict):
        added = {name: value for name, value in encoded.items() if name not in sample}
        return {n: with_defaults(v, encoded.get(n)) for n, v in sample.items()} | added
    if isinstance(sample, list):
        return [with_defaults(*pair) for pair in zip(sample, encoded, strict=True)]
    return sample


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=type_name)
def test_every_field_of_a_type_stands_in_a_sample(event_class: type[Event]) -> None:
    samples = [read(path) for path in SAMPLES if path.name.startswith(type_name(event_class))]

    assert {name for sample in samples for name in said(sample)} == set(fields(event_class))


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=type_name)
def test_the_minimal_sample_says_nothing_that_could_be_left_out(event_class: type[Event]) -> None:
    [path] = [p for p in SAMPLES if p.name == f"{type_name(event_class)}.minimal.json"]
    sample = read(path)
    may_stay = {"specversion", "type", "subject", "recordedtime"}

    for name in sample.keys() - may_stay:
        with pytest.raises((ValidationError, UnknownType)):
            parse({key: value for key, value in sample.items() if key != name})


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=type_name)
def test_a_builder_makes_every_type_of_event(event_class: type[Event]) -> None:
    built = event(event_class)

    assert type(built) is event_class
    assert parse(as_json(built)) == built


def test_each_earlier_version_of_a_type_still_has_its_samples() -> None:
    former = {former.type for event_class in EVENT_CLASSES for former in event_class.former}

    assert {read(path)["type"] for path in SAMPLES} == {*BY_TYPE, *former}


def test_an_unknown_type_has_no_class() -> None:
    with pytest.raises(UnknownType):
        parse({"type": "citizen.assisted.v9"})


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=type_name)
def test_an_unknown_field_is_refused_because_it_may_be_personal(event_class: type[Event]) -> None:
    stored = as_json(event(event_class))

    with pytest.raises(ValidationError):
        parse({**stored, "phone": "0"})
    with pytest.raises(ValidationError):
        parse({**stored, "data": {**stored["data"], "phone": "0"}})


def test_a_type_is_named_after_an_entity_and_something_past() -> None:
    for name in BY_TYPE:
        entity, verb, _ = name.split(".")
        assert entity.replace("_", "").isalpha()
        assert any(word.endswith(("ed", "t", "n")) or word == "held" for word in verb.split("_")), (
            name
        )


def test_every_code_has_a_name_in_both_languages() -> None:
    for catalogue in Code.__subclasses__():
        for code in catalogue:
            assert code.vi.strip()
            assert code.en.strip()
