"""Whoever posts something that is not right is told what would be, and never shown what it was."""

from typing import Any

import pytest

from services.events.assistance import CitizenAssisted
from services.events.households import HouseholdVisited
from services.platform.problems import Problem
from services.registration.intake.hints import MOST
from services.registration.intake.parse import parse
from tests.builders import SATURDAY, given, posted


def refused(event: dict[str, Any]) -> Problem:
    """Why an event is."""

    def nobody(*_: object) -> Any:
        raise AssertionError

    with pytest.raises(Problem) as problem:
        parse(event, b"k" * 32, nobody, SATURDAY)
    return problem.value


def an_event(**changes: Any) -> dict[str, Any]:
    """One in which these fields of its data are as given."""
    event = posted(CitizenAssisted)
    return {**event, "data": {**event["data"], **changes}}


@pytest.mark.parametrize(
    ("event", "pointer", "words"),
    [
        (an_event(channel="by air"), "/data/channel", ["'home'", "'kiosk'"]),
        (an_event(services=[given("nope")]), "/data/services/0/service", ["'vneid_install'"]),
        (an_event(services=[]), "/data/services", ["At least 1 items"]),
        (an_event(duration_s=-1), "/data/duration_s", ["At least 0"]),
        (an_event(duration_s="5"), "/data/duration_s", ["without quotes", "no quotes"]),
        (an_event(team_id="Team 1"), "/data/team_id", ["^[a-z][a-z0-9-]"]),
        ({**an_event(), "time": "2025-10-11T09:30:00"}, "/time", ["offset is missing", "+07:00"]),
        ({**an_event(), "time": "yesterday"}, "/time", ["RFC 3339", "+07:00"]),
        ({**an_event(), "ward": 27343}, "/ward", ["a text"]),
    ],
)
def test_refusal_says_what_would_have_been_right(
    event: dict[str, Any], pointer: str, words: list[str]
) -> None:
    problem = refused(event)

    assert problem.pointer == pointer
    assert any(word in problem.en for word in words), problem.en
    assert problem.vi != problem.kind.vi


def test_refusal_names_all_that_is_wrong_with_an_event() -> None:
    event = posted(HouseholdVisited)
    event["data"] |= {"outcome": "nope", "adults": 900, "phones_2g": -1}

    problem = refused(event)

    assert problem.pointer == "/data/outcome"
    assert "/data/adults, /data/phones_2g" in problem.en
    assert "/data/adults, /data/phones_2g" in problem.vi


def test_no_more_places_are_named_than_can_be_read() -> None:
    lines = [given("nope") for _ in range(20)]

    problem = refused(an_event(services=lines))

    assert problem.en.count("/data/services/") <= MOST


def test_refusal_shows_nothing_of_what_was_posted() -> None:
    secret = "0900 000 001 Người Dân"

    for event in (
        an_event(channel=secret),
        an_event(team_id=secret),
        an_event(**{secret: 1}),
        {**an_event(), "time": secret},
        {**an_event(), "ward": secret},
    ):
        problem = refused(event)
        assert secret not in f"{problem.document()}"
