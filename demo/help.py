"""What one person is helped with, and how it ends."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from demo import parameters as p
from demo.chance import one_of
from services.events.codes import Before, NotDoneReason, Outcome, Service

_REST = [s for s in Service if s not in p.SERVICES]
WEIGHTS: Mapping[Service, float] = {**p.SERVICES, **dict.fromkeys(_REST, p.OTHERS / len(_REST))}

_GUIDED = {Outcome.UNDERSTOOD: 1 - p.OUTCOMES[Outcome.NOT_DONE] / 100}
_GUIDED[Outcome.NOT_DONE] = 1 - _GUIDED[Outcome.UNDERSTOOD]
"""Of level 2: the ward police alone activate it."""
_OTHERS = {
    outcome: share - p.SERVICES[Service.VNEID_LEVEL2] * _GUIDED.get(outcome, 0)
    for outcome, share in p.OUTCOMES.items()
}
"""So that all lines together have the shares of the table."""


def lines(
    draw: Random, *, police: bool = False, among: Sequence[Service] = ()
) -> list[dict[str, Any]]:
    """The services of one visit, each once."""
    weights = {service: WEIGHTS[service] for service in among} if among else WEIGHTS
    wanted, services = one_of(p.SERVICES_A_PERSON, draw), list[Service]()
    while len(services) < wanted:
        if (service := one_of(weights, draw)) not in services:
            services.append(service)
    return [_line(service, draw, police=police) for service in services]


def _line(service: Service, draw: Random, *, police: bool) -> dict[str, Any]:
    guided = service is Service.VNEID_LEVEL2 and not police
    outcome = one_of(_GUIDED if guided else _OTHERS, draw)
    before = Before.HAD if draw.random() < p.HAD_BEFORE else Before.NONE
    line: dict[str, Any] = {"service": service, "before": before, "outcome": outcome}
    if outcome is Outcome.NOT_DONE:
        line["reason"] = NotDoneReason.NEEDS_POLICE if guided else _why(draw)
    return line


def _why(draw: Random) -> NotDoneReason:
    return draw.choice([r for r in NotDoneReason if r is not NotDoneReason.NEEDS_POLICE])
