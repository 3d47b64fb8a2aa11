"""schemathesis over one running service: what it sent, what it heard, and what it objects to.

Its pytest plug-in does not know our pytest; its engine is what its own command runs.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import crc32

import schemathesis
from schemathesis import Case
from schemathesis.auths import AuthContext
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.generation.meta import TestPhase
from schemathesis.hooks import HookContext
from schemathesis.schemas import BaseSchema

from tests.examples import examples

TokenFor = Callable[[str], str]
"""Of an operation, such as `GET /livez`: whoever may ask for it."""
Known = Mapping[str, Mapping[str, Any]]
"""By operation: what nobody finds by guessing, for its path or body, by name."""

DRAWN = (
    # Ten thousand bodies follow from the schemas of all types.
    (re.compile(r"/v1/events$"), 25),
    # All reports read the same parameters with the same code.
    (re.compile(r"/v1/reports/(?!overview|ward)"), 5),
)
"""Of so many cases that follow from the document one is sent, each time the same."""
NO_CHECK = {"enabled": False}
CONFIGURATION = {
    "seed": 1,
    "suppress-health-check": ["all"],
    "continue-on-failure": True,
    "generation": {
        "max-examples": examples(6),
        "deterministic": True,
        "database": "none",
        "no-shrink": True,
    },
    # No operation names an example that coverage would not find; and following links, what is
    # made would be asked for again after others have ended it, from one run to the next otherwise.
    "phases": {"examples": {"enabled": False}, "stateful": {"enabled": False}},
    "checks": {
        # What is well-formed may still be refused: an event by its rules, an id by its absence.
        "positive_data_acceptance": NO_CHECK,
        # As by default, and 413: 501 events are too many, and told to be so.
        "negative_data_rejection": {"expected-statuses": ["4xx"]},
    },
    "operations": [
        {
            # Its answer is 200 with a result an event: `Exchange` holds what it said of each.
            "include-name": "POST /api/registration/v1/events",
            "checks": {"negative_data_rejection": NO_CHECK},
        }
    ],
}


class Exchange(NamedTuple):
    """A request's body and what was answered."""

    operation: str
    sent: bytes
    status: int
    answer: bytes


@dataclass
class Examined:
    """All that happened."""

    exchanges: list[Exchange] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)

    def answers(self) -> dict[str, Counter[int]]:
        """How often each status was answered, by operation."""
        found: dict[str, Counter[int]] = defaultdict(Counter)
        for exchange in self.exchanges:
            found[exchange.operation][exchange.status] += 1
        return found


def examine(
    url: str, token_for: TokenFor, known: Known | None = None, spared: frozenset[str] = frozenset()
) -> Examined:
    """All operations of the service at this address; nobody ends whose ids are `spared`."""
    config = SchemathesisConfig.from_dict(CONFIGURATION)
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)
    _sign_in(schema, token_for)
    schema.hook("filter_case")(_wanted(spared))
    schema.hook("map_case")(_knowing(known or {}))
    examined = Examined()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            examined.exchanges.extend(_exchanges(event.recorder))
            examined.objections.extend(_objections(event.recorder))
        elif isinstance(event, events.NonFatalError):
            examined.objections.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception
    return examined


def _sign_in(schema: BaseSchema, token_for: TokenFor) -> None:
    class Token:
        def get(self, _: Case[Any], context: AuthContext) -> str:
            return token_for(context.operation.label)

        def set(self, case: Case[Any], data: str, _: AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    schema.auth(refresh_interval=None)(Token)


def _wanted(spared: frozenset[str]) -> Callable[[HookContext, Case[Any]], bool]:
    def filter_case(_: HookContext, case: Case[Any]) -> bool:
        ends_another = case.method == "DELETE" or case.path.endswith("/password")
        if ends_another and case.path_parameters.get("id") in spared:
            return False
        return all(_is_drawn(case, n) for paths, n in DRAWN if paths.search(case.path))

    return filter_case


def _is_drawn(case: Case[Any], n: int) -> bool:
    if case.meta is None or case.meta.phase.name != TestPhase.COVERAGE:
        return True
    return crc32(f"{case.method} {case.query} {case.body!r}".encode()) % n == 0


def _knowing(known: Known) -> Callable[[HookContext, Case[Any]], Case[Any]]:
    def map_case(_: HookContext, case: Case[Any]) -> Case[Any]:
        values = known.get(case.operation.label)
        if values and case.meta and case.meta.generation.mode.is_positive:
            for place in (case.path_parameters, case.body):
                if isinstance(place, dict):
                    place.update({name: values[name] for name in values.keys() & place.keys()})
        return case

    return map_case


def _exchanges(recorder: ScenarioRecorder) -> Iterator[Exchange]:
    for happened in recorder.interactions.values():
        if heard := happened.response:
            body = happened.request.body or b""
            yield Exchange(recorder.label, body, heard.status_code, heard.content)


def _objections(recorder: ScenarioRecorder) -> Iterator[str]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE and check.failure_info:
                request = recorder.interactions[case_id].request
                failure = check.failure_info.failure
                yield (
                    f"{recorder.label}: {check.name}: {failure.title}\n{failure.message}\n"
                    f"{request.method} {request.uri} {request.body!r:.500}"
                )
