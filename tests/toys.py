"""A type of event that only tests know, in its third version."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from services.events.declarations import BY_WARD, Former
from services.events.envelope import Data, Event
from services.events.registry import Registry


class TreesCounted(Data):
    """What the third version says: `alive` was `trees`, and `by` was not asked at first."""

    alive: int
    dead: int = 0
    by: Literal["street", "park"]


def _asks_where(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"by": "street", **data}


def _tells_the_dead_apart(data: Mapping[str, Any]) -> Mapping[str, Any]:
    rest = {name: value for name, value in data.items() if name != "trees"}
    return {"alive": data["trees"], **rest} if "trees" in data else rest


class WardCounted(Event):
    """Trees of a ward."""

    type: Literal["trees.counted.v3"] = "trees.counted.v3"
    data: TreesCounted
    scope = BY_WARD
    former: ClassVar[tuple[Former, ...]] = (
        Former("trees.counted.v1", _asks_where, defaults={"trees": 1}),
        Former("trees.counted.v2", _tells_the_dead_apart),
    )


TOYS = Registry([WardCounted])
