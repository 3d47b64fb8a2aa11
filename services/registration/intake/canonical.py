"""One writing for what standards let be written in several ways. Pure."""

import re
from collections.abc import Mapping
from typing import Any

JSON = "application/json"
_JSON = re.compile(r'application/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?', re.IGNORECASE)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_UUID_LENGTH = 36
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def canonical(posted: Mapping[str, Any]) -> dict[str, Any]:
    """As our classes read it.

    An attribute of null is unset (CloudEvents JSON format, 2.2); JSON has one character set
    (RFC 8259, 8.1); a UUID is read in either case (RFC 9562, 4). A trace goes on where it can be
    read, and no vendor's part of it is kept (W3C Trace Context, 3.2 and 3.3).
    """
    event = {name: one_case(value) for name, value in posted.items() if value is not None}
    event.pop("tracestate", None)
    if not _is(_TRACEPARENT, event.get("traceparent")):
        event.pop("traceparent", None)
    if _is(_JSON, event.get("datacontenttype")):
        event["datacontenttype"] = JSON
    data = event.get("data")
    if isinstance(data, dict):
        event["data"] = {
            name: one_case(value)
            for name, value in data.items()
            if name != "person" or value is not None
        }
    return event


def one_case(value: Any) -> Any:
    """A UUID in small letters; anything else as it is."""
    if type(value) is str and len(value) == _UUID_LENGTH and _UUID.fullmatch(value):
        return value.lower()
    return value


def _is(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None
