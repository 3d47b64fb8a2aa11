"""The envelope every event travels in: CloudEvents 1.0, JSON."""

import re
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)

from services.events.declarations import AS_POSTED, About, Former, Scope

SPEC_VERSION: Literal["1.0"] = "1.0"
MEDIA_TYPE = "application/cloudevents+json"
BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"

CITY_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""The city keeps UTC+7 all year (no daylight saving time since 1975), so an offset is enough."""

EVENT_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
POSTED_ID = EVENT_ID.replace("[78]", "7")
"""What nobody derives, so that no one takes the id that another event is going to have."""
EventId = Annotated[str, StringConstraints(pattern=EVENT_ID)]
"""A UUIDv7 made by whoever saw the event happen; a UUIDv8 where it is derived from another."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,63}$")]
"""An id begins with a letter, so that no phone or identity number passes for one."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text stands for: judged where it comes in, never where it is read, for what was
    stored before stays readable."""

    form: str


CitizenId = Annotated[Id, Meant(r"c-[0-9a-f]{24}")]
HouseholdId = Annotated[Id, Meant(r"h-[0-9a-f]{24}")]
MemberId = Annotated[Id, Meant(r"m-[0-9a-f]{24}")]
"""As registration made them, so that nobody's name or number passes for one."""

Source = Annotated[
    str,
    StringConstraints(
        pattern=r"^/(registration|notify|public|(device|integrator|import|user)/[a-z0-9-]{2,64})$"
    ),
]
Admission = Annotated[
    str,
    StringConstraints(
        pattern=r"^/user/[a-z0-9-]{2,64}\?refusal="
        r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
    ),
]
WardCode = Annotated[str, StringConstraints(pattern=r"^(79|\d{3}|\d{5})$")]
"""A ward's five digits, an abolished district's three, or 79 for the whole city."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]

Version = Annotated[Text, Meant(r"(?=.*\d)[A-Za-z0-9._-]{1,40}")]
"""Such as `2025-10`: which one, not what it says."""
SchemaUri = Annotated[
    str,
    StringConstraints(max_length=200),
    Meant(r"(urn:[a-z0-9][a-z0-9-]{1,31}:|https://)[A-Za-z0-9._~:/#-]+"),
]

_CALENDAR = re.compile(r"\d{4}-\d{2}-\d{2}")


def _no_number(value: object) -> object:
    """pydantic takes a number, also as text, for seconds or else milliseconds since 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and not _CALENDAR.match(value)):
        raise ValueError("a day is written as in RFC 3339")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_no_number)]
Day = Annotated[date, BeforeValidator(_no_number)]


def _a_number(value: object) -> object:
    """pydantic takes "5" and true for numbers; JSON has its own."""
    if isinstance(value, str | bool):
        raise ValueError("a number is written without quotes")  # noqa: TRY004  # pydantic's own
    return value


A_NUMBER = BeforeValidator(_a_number)
Count = Annotated[int, Field(ge=0, le=1_000_000), A_NUMBER]
YesNo = Annotated[bool, Strict()]
"""true or false; pydantic alone takes 0, 1 and "yes" too."""


class Data(BaseModel):
    """What an event says beyond its envelope; unknown fields are refused, never dropped."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )


class Event(Data):
    """One thing that happened. `recordedtime` is the server's and stands on every stored event.

    A type declares for whom it is in scope: none is in anybody's by default.
    """

    about: ClassVar[About] = AS_POSTED
    scope: ClassVar[Scope]
    former: ClassVar[tuple[Former, ...]] = ()
    """Its earlier versions, oldest first; each is upcast to the one after it."""
    posted: ClassVar[bool] = True
    """Whether somebody outside may record it; False: registration and notify alone do."""

    specversion: Literal["1.0"] = SPEC_VERSION
    id: EventId
    source: Source
    type: str
    subject: Id | EventId | Literal[""] = ""
    time: Instant
    ward: WardCode
    datacontenttype: Literal["application/json"] | None = None
    dataschema: SchemaUri | None = None
    correlationid: EventId | None = None
    causationid: EventId | None = None
    traceparent: (
        Annotated[
            str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
        ]
        | None
    ) = None
    devicetime: Instant | None = None
    clockoffset: Annotated[float, Field(ge=-4e8, le=4e8), A_NUMBER] | None = None
    """The server's time less the phone's, in seconds: positive for a clock that is behind."""
    replaces: EventId | None = None
    recordedtime: Instant | None = None
    admittedby: Admission | None = None
    """Set by the server: who of a ward recorded it for a device, and which refusal it answers."""
    data: Data

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        """Raises: TypeError for a type that does not say what it must."""
        super().__pydantic_init_subclass__(**more)
        if not cls.model_fields["type"].is_required():
            _must_declare(cls)

    @property
    def day(self) -> date:
        """The day in Ho Chi Minh City on which it happened."""
        return self.time.astimezone(CITY_TIME).date()

    @property
    def recorded_by(self) -> str:
        """The source of whoever posted it; `source` is whose event it is."""
        return self.admittedby.partition("?")[0] if self.admittedby else self.source


def _must_declare(event_class: type[Event]) -> None:
    if not hasattr(event_class, "scope"):
        raise TypeError(f"{event_class.__name__} declares no `scope`: for whom is it in scope?")
    data = event_class.model_fields["data"].annotation
    for field in (*event_class.about.fields, *event_class.scope.fields):
        if not hasattr(data, field) and field not in getattr(data, "model_fields", ()):
            raise TypeError(f"{event_class.__name__} declares `{field}`, which its data has not")
