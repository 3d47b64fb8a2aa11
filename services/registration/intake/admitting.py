"""Whoever records for a device answers a refusal that it heard, and is named with it. Pure."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from services.events.corrections import EventRefused
from services.events.envelope import Event
from services.events.registry import REGISTRY
from services.platform.problems import ProblemKind
from services.platform.vietnam.wards import CITY
from services.registration.subjects.problems import Refusal

NOTHING_TO_ADMIT = ProblemKind(
    "nothing_to_admit",
    403,
    "Thiết bị hoặc khóa này chưa gửi sự kiện đó, hoặc đã gửi nội dung khác. Cán bộ phường chỉ ghi"
    " thay, nguyên văn, điều đã bị từ chối; việc khác thì ghi bằng tài khoản của mình.",
    "This device or key has not sent that event, or sent it otherwise. A coordinator records in its"
    " name, unchanged, only what was refused; anything else in their own.",
)

Covers = Callable[[Event], bool]


class HashedRefusal(NamedTuple):
    """A refusal, and the hash of what was posted; None where that was no JSON."""

    refusal: EventRefused
    payload_hash: bytes | None


def admission(
    event: Event, payload_hash: bytes, refused: Iterable[HashedRefusal], by: str, covers: Covers
) -> str:
    """`admittedby`. Raises: Refusal where this device was refused nothing of the kind.

    Unchanged, by whoever may record it; or of the type that was refused, where it names what it
    corrects, by the ward that was told.
    """
    for told, posted in refused:
        theirs = told.ward == CITY or covers(told)
        same = posted == payload_hash or (theirs and _corrects(event, told))
        if same and told.data.poster == event.source:
            return f"{by}?refusal={told.id}"
    raise Refusal(NOTHING_TO_ADMIT, "/source")


def _corrects(event: Event, told: EventRefused) -> bool:
    of_type = told.data.target_type
    same_type = of_type is None or REGISTRY.current(of_type) == event.type
    return told.data.event_id == event.replaces and same_type
