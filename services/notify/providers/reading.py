"""What the readings of several providers' words share; pure."""

from collections.abc import Collection

from pydantic import BeforeValidator, ConfigDict

from services.notify.providers.provider import SurelyNotAccepted, Unknown

WIRE = ConfigDict(frozen=True, coerce_numbers_to_str=True, hide_input_in_errors=True)
"""Of what came from outside: providers write numbers as strings and the other way round."""


def _nothing(value: object) -> object:
    return None if value == "" else value


NothingIfEmpty = BeforeValidator(_nothing)
"""Providers name what they do not know, and leave it empty."""


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
