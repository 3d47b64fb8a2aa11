"""Who may record what, and what a subject's history allows: pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.platform.problems import Problem, ProblemKind
from services.registration.subjects.owners import OTHER_WARD, Belongs, Local

S = TypeVar("S")


class Role(StrEnum):
    """What an actor may be."""

    VOLUNTEER = "volunteer"
    WARD = "ward"
    WARD_LEADER = "ward_leader"
    CENTRE = "centre"
    ADMIN = "admin"
    INTEGRATOR = "integrator"
    KIOSK = "kiosk"
    PUBLIC = "public"
    SYSTEM = "system"


VOLUNTEERS = frozenset({Role.VOLUNTEER})
COORDINATORS = frozenset({Role.WARD, Role.WARD_LEADER})
"""Of a ward."""
STAFF = COORDINATORS | {Role.CENTRE, Role.ADMIN}
INTEGRATORS = frozenset({Role.INTEGRATOR})
KIOSKS = frozenset({Role.KIOSK})
SYSTEM = frozenset({Role.SYSTEM})


class Refusal(Problem):
    """A rule of the domain that an event breaks; it is answered `rejected`."""


NOT_ALLOWED = ProblemKind(
    "not_allowed",
    403,
    "Vai trò này không được ghi loại sự kiện này.",
    "This role may not record this type of event.",
)
OUT_OF_SCOPE = ProblemKind(
    "out_of_scope",
    403,
    "Sự kiện nằm ngoài phường, tổ hoặc thời gian được giao. Hãy nhờ phường xem xét.",
    "The event lies outside the ward, team or time given to you. Ask the ward to admit it.",
)
NOT_YET_KNOWN = ProblemKind(
    "not_yet_known",
    409,
    "Đối tượng được nhắc đến chưa có trong hệ thống. Hãy gửi lại sau khi đã gửi đối tượng đó.",
    "It refers to something not recorded yet. Send it again once that has been sent.",
    retryable=True,
)

NOT_SENT_THERE_YET = ProblemKind(
    "not_sent_there_yet",
    409,
    "Chưa ghi nhận tổ được giao nơi này vào ngày này. Máy giữ lại và gửi lại sau; nếu hôm sau vẫn "
    "vậy, hãy nhờ phường ghi việc phân công.",
    "It is not recorded that the team was sent there on that day. Keep it and send it again; where "
    "that is so the next day, ask the ward to record where the team was sent.",
    retryable=True,
)
NOT_YET_THEN = ProblemKind(
    "not_yet_then",
    409,
    "Vào thời điểm này đối tượng chưa có. Hãy kiểm tra ngày giờ của sự kiện.",
    "At that time it did not exist yet. Check the date and time of the event.",
)
CANNOT_BE_EMPTIED = ProblemKind(
    "cannot_be_emptied",
    409,
    "Mục này đã được ghi trước đó, và ghi lại với giá trị trống thì không xóa được. Bỏ hẳn mục này "
    "để giữ nguyên; muốn xóa thì sửa sự kiện đã ghi nó (`replaces`).",
    "This was set before, and saying nothing of it does not empty it. Leave it out to keep it; to "
    "empty it, correct the event that set it (`replaces`).",
)
LATER_EVENTS_FORBID = ProblemKind(
    "later_events_forbid",
    409,
    "Những việc đã ghi cho thời điểm sau sẽ không còn đúng. Hãy hủy các việc đó trước.",
    "What was recorded for a later time would no longer hold. Take that back first.",
)


class Actor(Protocol):
    """Whoever posts; access decides what it covers."""

    @property
    def role(self) -> Role: ...

    @property
    def source(self) -> str:
        """The envelope's `source` of all it posts."""

    @property
    def wards(self) -> Collection[str] | None:
        """Its own, by code; None is the whole city."""

    def may_post_as(self, source: str) -> bool:
        """Its own source; a ward admits what its devices could not record any more."""

    def covers(self, event: Event) -> bool:
        """Whether ward, team, places, types and period of the event are its own at its time.

        Raises: Refusal where there is more to say.
        """

    def may_cover_later(self, event: Event) -> bool:
        """Whether something that may be on its way, such as a deployment, would let it do so."""


class Reference(NamedTuple):
    """Something that must have been recorded before, as a row of one of these kinds."""

    kinds: tuple[str, ...]
    id: str
    pointer: str
    on: date | None = None
    """A day on which it must not have ended; None asks only that it is known."""


Check = Callable[[S | None, Any], None]
"""Looks at the state just before the event, which has the type it is declared for; raises Refusal.

An observed type has no state: its rule looks at the event's own form alone.
"""
Refers = Callable[[Any], Iterable[Reference]]
"""What a decided event names; an observed one is never refused for what is not there yet."""
States = Mapping[str, Mapping[str, Any]]
"""By id, of what an event refers to."""


class Known(NamedTuple):
    """What an event is weighed against."""

    rows: States
    people: Mapping[str, str]
    """Who stands behind each source that the rows name: a coordinator behind a phone of theirs."""


Weighs = Callable[[Any, Actor, Known], None]
"""Looks at who records an event and at what it refers to; raises Refusal."""


def anything_goes(state: object, event: Event) -> None:
    """No rule beyond form, scope and directory."""


def nothing(_: Event) -> tuple[Reference, ...]:
    """It stands by itself."""
    return ()


class Accepts(NamedTuple, Generic[S]):
    """Roles that may record a type, its rule, and what it refers to."""

    by: frozenset[Role]
    check: Check[S] = anything_goes
    refers: Refers = nothing
    weighs: Weighs | None = None
    whatever_followed: bool = False
    """Recorded even where later events would not stand after it: what the law gives a person does
    not depend on the order of arrival."""


@dataclass(frozen=True)
class Subject(Generic[S]):
    """A slice's types. Without `evolve` they are observed: no state, and no order matters."""

    accepts: Mapping[type[Event], Accepts[S]]
    evolve: Callable[[S | None, Event], S | None] | None = None
    kind: str = ""
    """The first half of a row's `_id`, such as `team`; decided subjects have one."""
    belongs: Belongs | None = None
    """Whose its events are; decided subjects say so."""

    @property
    def decided(self) -> bool:
        """Whether the order of its events decides anything."""
        return self.evolve is not None

    def state(self, history: Iterable[Event]) -> S | None:
        """Fold of the standing events, oldest first."""
        return self._fold(standing(history))

    def state_before(self, event: Event, history: Iterable[Event]) -> S | None:
        """The state that `event` found."""
        return self._fold(e for e in standing(history) if _order(e) < _order(event))

    def check(self, state: S | None, event: Event) -> None:
        """Raises: Refusal, also where a ward changes what is another's."""
        if isinstance(state, Local) and not state.lies_in_ward_of(event):
            raise Refusal(OTHER_WARD, "/ward")
        self.accepts[type(event)].check(state, event)

    def _fold(self, events: Iterable[Event]) -> S | None:
        state: S | None = None
        for event in events:
            state = self.evolve(state, event) if self.evolve else None
        return state


def standing(history: Iterable[Event]) -> list[Event]:
    """Events that no void takes back, by (time, id); the voids themselves are left out."""
    events = list(history)
    voided = {e.data.event_id for e in events if isinstance(e, EventVoided)}
    kept = (e for e in events if not isinstance(e, EventVoided) and e.id not in voided)
    return sorted(kept, key=_order)


def decide(subject: Subject[S], history: Sequence[Event], *new: Event) -> S | None:
    """The state once all of `new` is recorded; `history` holds all events of its id, in any order.

    Two kinds of things may share an id: what is not this subject's is left out. A late event or
    a void may take the ground from what stands later, so the rules of all later standing events
    are asked again. Raises: Refusal.
    """
    own: set[type[Event]] = {*subject.accepts, EventVoided}
    before = [event for event in history if type(event) in own]
    after = [*before, *(event for event in new if type(event) in own)]
    for event in new:
        _check_new(subject, event, after, known=bool(standing(before)))
    _check_later(subject, new, after)
    return subject.state(after)


def _check_new(subject: Subject[S], new: Event, after: Sequence[Event], *, known: bool) -> None:
    if isinstance(new, EventVoided):
        return
    state = subject.state_before(new, after)
    try:
        subject.check(state, new)
    except Refusal as refusal:
        if known and state is None and refusal.kind is NOT_YET_KNOWN:
            raise Refusal(NOT_YET_THEN, "/time") from None
        raise
    _check_emptied(subject, state, new)


def _check_emptied(subject: Subject[S], state: S | None, new: Event) -> None:
    """What is left out is not said; what is said to be nothing must not be passed over."""
    if state is None or subject.evolve is None:
        return
    after = subject.evolve(state, new)
    for name in sorted(new.data.model_fields_set):
        before = getattr(state, name, None)
        said_nothing = getattr(new.data, name) is None or _is_empty_list(new, name)
        stays = before not in (None, ()) and getattr(after, name, None) == before
        if said_nothing and stays:
            raise Refusal(CANNOT_BE_EMPTIED, f"/data/{name}")


def _is_empty_list(new: Event, name: str) -> bool:
    """One that was held is read from the log, where lists stand that nobody wrote; it replaces."""
    return getattr(new.data, name) == () and new.replaces is None


def _check_later(subject: Subject[S], new: Sequence[Event], after: Sequence[Event]) -> None:
    since = min((_affected_from(e, after) for e in new if _has_rules(subject, e)), default=None)
    if since is None:
        return
    fresh = {event.id for event in new}
    for event in standing(after):
        if event.id not in fresh and _order(event) >= since:
            try:
                subject.check(subject.state_before(event, after), event)
            except Refusal:
                raise Refusal(LATER_EVENTS_FORBID, "/time") from None


def _has_rules(subject: Subject[S], new: Event) -> bool:
    """Whether what stands later may forbid it."""
    return isinstance(new, EventVoided) or not subject.accepts[type(new)].whatever_followed


def _affected_from(new: Event, history: Sequence[Event]) -> tuple[datetime, str]:
    if isinstance(new, EventVoided):
        target = next((e for e in history if e.id == new.data.event_id), new)
        return _order(target)
    return _order(new)


def _order(event: Event) -> tuple[datetime, str]:
    return event.time, event.id
