"""What each device sent, as far as it was accepted or refused."""

from collections.abc import Iterator

from services.events.corrections import EventRefused, EventVoided
from services.events.envelope import Event
from services.events.registry import EVENT_CLASSES
from services.reporting.measure import Labels, count

POSTED = tuple(c for c in EVENT_CLASSES if c not in (EventRefused, EventVoided))
_DEVICE = "/device/"


def _accepted(event: Event) -> Iterator[Labels]:
    if event.source.startswith(_DEVICE):
        yield event.source.removeprefix(_DEVICE), event.type


def _refused(event: EventRefused) -> Iterator[Labels]:
    if event.data.poster.startswith(_DEVICE):
        yield event.data.poster.removeprefix(_DEVICE), event.data.result


def _why(event: EventRefused) -> Iterator[Labels]:
    yield event.data.result, event.data.code


ACCEPTED = count("accepted", ("sender", "type"), POSTED, _accepted)
REFUSED = count("refused", ("sender", "result"), EventRefused, _refused)
REFUSALS = count("refusals", ("result", "problem"), EventRefused, _why)

MEASURES = (ACCEPTED, REFUSED, REFUSALS)
