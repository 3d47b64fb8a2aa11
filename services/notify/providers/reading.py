"""What the readings of several providers' words share; pure."""

from collections.abc import Collection
from typing import TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from services.notify.providers.posting import HttpAnswer, refused_by_status
from services.notify.providers.provider import SurelyNotAccepted, Unknown

M = TypeVar("M", bound=BaseModel)

WIRE = ConfigDict(frozen=True, coerce_numbers_to_str=True, hide_input_in_errors=True)
"""Of what came from outside: providers write numbers as strings and the other way round."""


def _nothing(value: object) -> object:
    return None if value == "" else value


NothingIfEmpty = BeforeValidator(_nothing)
"""Providers name what they do not know, and leave it empty."""


def read_answer(answer: HttpAnswer, shape: type[M]) -> M | SurelyNotAccepted | Unknown:
    """What an answer of 2xx says; of any other nothing but its status is looked at."""
    if not 200 <= answer.status < 300:
        return refused_by_status(answer)
    try:
        return shape.model_validate_json(answer.body)
    except ValidationError:
        return Unknown("answer_unreadable")


def refused_by_code(
    code: str, mendable: Collection[str], for_good: Collection[str]
) -> SurelyNotAccepted | Unknown:
    """A code of neither list may mean anything: the SMS may have left."""
    reason = f"provider_refused_{code}"
    if code in mendable:
        return SurelyNotAccepted(reason, retryable=True)
    if code in for_good:
        return SurelyNotAccepted(reason, retryable=False)
    return Unknown(reason)
