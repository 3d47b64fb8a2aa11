"""Each type has one slice, each kind one, and a slice is whole before anything starts."""

from dataclasses import replace
from typing import Any

import pytest

from services.events.citizens import CITIZENS
from services.events.declarations import Kind
from services.events.registry import EVENT_CLASSES
from services.registration.citizens.rules import CITIZEN
from services.registration.households.rules import HOUSEHOLD
from services.registration.slices import SLICES
from services.registration.subjects.reading import view_of
from services.registration.subjects.registry import by_kind, by_type
from services.registration.subjects.subject import Decided
from services.registration.teams.rules import TEAM


def test_type_that_no_slice_takes_in_does_not_start() -> None:
    others = [slice_ for slice_ in SLICES if slice_ is not HOUSEHOLD]

    with pytest.raises(TypeError, match=r"no slice takes in household\.visited\.v1"):
        by_type(others, EVENT_CLASSES)


def test_type_that_two_slices_take_in_does_not_start() -> None:
    with pytest.raises(TypeError, match=r"household\.visited\.v1 is not this slice's"):
        by_type([*SLICES, HOUSEHOLD], EVENT_CLASSES)


def test_what_only_the_system_says_is_no_slices_to_take_in() -> None:
    [refused] = [c for c in EVENT_CLASSES if c.__name__ == "EventRefused"]
    greedy = replace(HOUSEHOLD, accepts={refused: next(iter(HOUSEHOLD.accepts.values()))})

    with pytest.raises(TypeError, match=r"event\.refused\.v1 is not this slice's"):
        by_type([*SLICES, greedy], EVENT_CLASSES)


def test_two_slices_of_one_kind_do_not_start() -> None:
    with pytest.raises(TypeError, match="two slices have the kind team"):
        by_kind([*SLICES, replace(TEAM)])


def test_kind_that_ends_by_what_its_state_has_not_does_not_start() -> None:
    with pytest.raises(TypeError, match="team ends by `closed_on`"):
        replace(TEAM, ends_on="closed_on")


def test_state_that_is_no_model_is_listed_only_as_its_slice_says() -> None:
    listed: Decided[Any] = replace(CITIZEN, kind=Kind(CITIZENS, plural="citizens"))

    with pytest.raises(TypeError, match="its slice says what readers see"):
        view_of(listed)
