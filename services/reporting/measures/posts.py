"""What each device sent, as far as it was accepted or refused."""

from collections.abc import Iterator

from services.events.codes import RefusedResult
from services.events.corrections import EventRefused, EventVoided
from services.events.envelope import Event
from services.events.registry import EVENT_CLASSES
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Codes, count

SENDER = Label("sending_device")
EVENT_TYPE = Label("event_type")
REFUSAL_RESULT = Label("refusal_result", RefusedResult)
REFUSAL_CODE = Label("refusal_code")
"""The problem's code."""

POSTED = tuple(c for c in EVENT_CLASSES if c not in (EventRefused, EventVoided))
_DEVICE = "/device/"


def _accepted(event: Event) -> Iterator[Codes]:
    if event.source.startswith(_DEVICE):
        yield event.source.removeprefix(_DEVICE), event.type


def _refused(event: EventRefused) -> Iterator[Codes]:
    if event.data.poster.startswith(_DEVICE):
        yield event.data.poster.removeprefix(_DEVICE), event.data.result


def _why(event: EventRefused) -> Iterator[Codes]:
    yield event.data.result, event.data.code


ACCEPTED = count("accepted", (SENDER, EVENT_TYPE), POSTED, _accepted)
REFUSED = count("refused", (SENDER, REFUSAL_RESULT), EventRefused, _refused)
REFUSALS = count("refusals", (REFUSAL_RESULT, REFUSAL_CODE), EventRefused, _why)
