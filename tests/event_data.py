"""What the builders put into an event where a test says nothing: its minimal golden sample."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from services.events.envelope import Event
from services.events.registry import type_name

Json = dict[str, Any]


@cache
def minimal(event_class: type[Event]) -> Json:
    """As it was published; not to be changed."""
    [path] = Path(__file__).parent.rglob(f"samples/{type_name(event_class)}.minimal.json")
    sample: Json = json.loads(path.read_text(encoding="utf-8"))
    return sample
