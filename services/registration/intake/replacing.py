"""An event put right by another: the void that goes with it, and who may. Pure."""

from collections.abc import Sequence

from services.events.codes import VoidReason
from services.events.corrections import EventRefused, EventVoided, Voiding
from services.events.envelope import Event
from services.events.registry import type_name
from services.platform.ids import derived_event_id
from services.platform.problems import ProblemKind
from services.platform.vietnam.wards import CITY
from services.registration.intake.voids import (
    STAFF,
    VOID_NOT_YOURS,
    VOID_OF_VOID,
    aimed,
    must_be_voidable,
)
from services.registration.subjects.problems import Refusal

REPLACES_OTHER_TYPE = ProblemKind(
    "replaces_other_type",
    422,
    "Sự kiện sửa phải cùng loại với sự kiện được sửa. Nếu khác loại: hủy rồi ghi sự kiện mới.",
    "An event replaces one of its own type. For another type, void that one and record anew.",
)
REPLACES_ITSELF = ProblemKind(
    "replaces_itself",
    422,
    "Sự kiện không thể thay chính nó. Bản sửa phải có mã mới.",
    "An event cannot replace itself. What corrects it has an id of its own.",
)


def succession_id(event_id: str) -> str:
    """The id of the void by which an event is replaced: there is one, so an event has one
    successor, whoever records it."""
    return derived_event_id("replaced", event_id)


def must_be_of_use(event: Event) -> None:
    """Raises: Refusal where nothing that could come would give it a target."""
    if isinstance(event, EventVoided):
        must_be_voidable(event.data.target_type, "/data/target_type")
        if event.replaces:
            raise Refusal(VOID_OF_VOID, "/replaces")
    if event.replaces == event.id:
        raise Refusal(REPLACES_ITSELF, "/replaces")


def taking_back(new: Event, target: Event, by: str) -> EventVoided:
    """The void of an accepted event that goes with what replaces it, with the rights of a void.

    `by`: the source of whoever posts `new`, which a ward may do for a device. Raises: Refusal.
    """
    if type(new) is not type(target):
        raise Refusal(REPLACES_OTHER_TYPE, "/type")
    source = by if new.ward == target.ward else new.source
    try:
        return aimed(_void(new, target, target.id, type_name(type(target)), source), target)
    except Refusal as refusal:
        raise Refusal(refusal.kind, "/replaces") from None


def closing(new: Event, refusals: Sequence[EventRefused], by: str) -> EventVoided:
    """The void that goes with what replaces a refused event; it waits for the day on which that
    is admitted after all.

    Whoever was refused may, and the ward that it was refused in. Raises: Refusal.
    """
    for refused in refusals:
        if by.startswith(STAFF) and refused.ward in (new.ward, CITY):
            return _closing(new, refused, by)
        if refused.data.poster in (by, new.source):
            return _closing(new, refused, refused.data.poster)
    raise Refusal(VOID_NOT_YOURS, "/replaces")


def _closing(new: Event, refused: EventRefused, source: str) -> EventVoided:
    type_ = refused.data.target_type or type_name(type(new))
    void = _void(new, refused, refused.data.event_id, type_, source)
    return void.model_copy(update={"ward": refused.ward})


def _void(new: Event, after: Event, target_id: str, type_: str, source: str) -> EventVoided:
    """Recorded when both were there: what was known before that day does not change."""
    recorded = max(e.recordedtime for e in (new, after) if e.recordedtime)
    return EventVoided(
        id=succession_id(target_id),
        source=source,
        time=recorded,
        recordedtime=recorded,
        ward=new.ward,
        correlationid=new.correlationid,
        causationid=new.id,
        traceparent=new.traceparent,
        data=Voiding(event_id=target_id, target_type=type_, reason=VoidReason.CORRECTED),
    )
