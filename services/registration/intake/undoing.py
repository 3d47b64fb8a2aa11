"""What the void of each type undoes, service by service, in words for people."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.corrections import EventRefused
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.events.requests import RequestClosed, RequestReceived
from services.events.schemas import IDS_OF_A_PERSON
from services.events.signatures import (
    SignatureIssued,
)
from services.events.teams import (
    TeamMemberJoined,
    TeamMemberLeft,
)
from services.registration.subjects.subject import Decided, Subject


class Service(StrEnum):
    """Who undoes it."""

    REGISTRATION = "registration"
    REPORTING = "reporting"
    NOTIFY = "notify"


class Undoing(NamedTuple):
    """One effect that a void takes back."""

    service: Service
    name: str
    vi: str
    en: str


FIGURES = Undoing(
    Service.REPORTING,
    "figures",
    "Không còn tính trong số liệu; số liệu xem theo ngày đã biết trước đó thì vẫn giữ.",
    "No figure counts it; a report read as known on an earlier day still does.",
)
STATE = Undoing(
    Service.REGISTRATION,
    "state",
    "Trạng thái tính lại như chưa ghi. Nếu việc ghi sau đó cần đến, lệnh hủy bị từ chối "
    "(`later_events_forbid`).",
    "Its state is as if it had not been recorded. Where something later stands on it the void is "
    "refused (`later_events_forbid`).",
)
SCOPE = Undoing(
    Service.REGISTRATION,
    "scope",
    "Máy của tổ được hay không được ghi theo trạng thái mới, ngay hoặc trong 5 giây.",
    "Phones may record, or may not, by the new state: at once, or within 5 seconds.",
)
INDEX = Undoing(
    Service.REGISTRATION,
    "index",
    "Số định danh, điện thoại, địa chỉ mà chỉ sự kiện này mang đến thì bị quên sau 25 giờ, nếu đã "
    "hủy trong thời gian đó; hủy muộn hơn thì vẫn nhận ra người ấy.",
    "A number or address that this event alone brought is forgotten 25 hours after it, if it was "
    "voided by then; after a later void the person is still recognised by it.",
)
CONTACT = Undoing(
    Service.NOTIFY,
    "contact",
    "Số điện thoại mà sự kiện mang đến không dùng nữa; số trước đó có hiệu lực lại.",
    "A phone that it brought is used no more; the one before it holds again.",
)
SMS = Undoing(
    Service.NOTIFY,
    "sms",
    "SMS chưa gửi thì không gửi; đã gửi thì người dân nhận một SMS đính chính.",
    "Its SMS does not leave; of one that has left the citizen gets a correction.",
)
CONSENT = Undoing(
    Service.NOTIFY,
    "consent",
    "Lời đồng ý này không còn; lời nói trước đó có hiệu lực lại. SMS chưa gửi thì theo đó.",
    "This consent is none; the citizen's word before it holds again. SMS not yet sent follow it.",
)
WITHDRAWAL = Undoing(
    Service.NOTIFY,
    "withdrawal",
    "Lời rút lại không còn; SMS bị giữ vì nó thì gửi, nếu chưa quá hạn.",
    "This withdrawal is none; an SMS that it held back leaves, unless its time is over.",
)
ONE_PERSON = Undoing(
    Service.REGISTRATION,
    "merger in the index",
    "Hai hồ sơ lại là hai: số nào trở về hồ sơ nấy, kể cả số mới ghi trong thời gian gộp. Việc đã "
    "ghi cho hồ sơ còn lại thì vẫn thuộc hồ sơ ấy; hồ sơ đã xóa vẫn là đã xóa.",
    "The two are two again: each number leads to its own record, also one that came meanwhile. "
    "Events recorded meanwhile for the record that stayed remain its own; what was erased stays "
    "erased.",
)
ONE_RECIPIENT = Undoing(
    Service.NOTIFY,
    "merger",
    "Mỗi người lại có số điện thoại, lời đồng ý và SMS của mình; SMS bị giữ vì trùng thì gửi.",
    "Each has their own phone, consent and SMS again; one held back as told already leaves.",
)
REMINDER = Undoing(
    Service.NOTIFY,
    "reminder",
    "Không nhắc hẹn này nữa.",
    "Nobody is reminded of it.",
)
CANCELLATION = Undoing(
    Service.NOTIFY,
    "cancellation",
    "Cuộc hẹn lại được nhắc, nếu chưa tới giờ.",
    "The appointment is reminded of again, unless it is too late.",
)
OUTCOME = Undoing(
    Service.NOTIFY,
    "outcome",
    "SMS báo kết quả chưa gửi thì không gửi. Việc phản ánh lại mở cho phường.",
    "The SMS that tells the outcome does not leave. The dispute is the ward's task again.",
)
REFUSAL = Undoing(
    Service.REGISTRATION,
    "refusal",
    "Phường không còn phải xem bản ghi không được nhận này; nội dung vẫn giữ đủ 90 ngày.",
    "The ward need not look at this refused record any more; its body is kept for its 90 days.",
)
RESTRICTION = Undoing(
    Service.NOTIFY,
    "restriction",
    "Yêu cầu không còn (hoặc lại còn): SMS của người ấy được gửi, hoặc bị giữ lại, theo đó.",
    "The request is none, or is open again: the person's SMS leave, or are held back, by that.",
)

ALSO: Mapping[type[Event], tuple[Undoing, ...]] = MappingProxyType(
    {
        CitizenAssisted: (SMS,),
        SignatureIssued: (SMS,),
        ConsentGiven: (CONSENT,),
        ConsentWithdrawn: (WITHDRAWAL,),
        CitizenMerged: (ONE_PERSON, ONE_RECIPIENT),
        EventRefused: (REFUSAL,),
        DisputeResolved: (OUTCOME,),
        AppointmentBooked: (REMINDER,),
        AppointmentCancelled: (CANCELLATION,),
        RequestReceived: (RESTRICTION,),
        RequestClosed: (RESTRICTION,),
    }
)
"""What does not follow from what a type declares."""
LEFT_ALONE: Mapping[type[Event], tuple[Undoing, ...]] = MappingProxyType(
    {
        TeamMemberJoined: (SCOPE,),
        TeamMemberLeft: (SCOPE, INDEX),
        CitizenMerged: (INDEX, CONTACT),
    }
)
"""What would follow and is not so: who is in a team moves no scope, and who left was known."""


def undone(
    event_class: type[Event], subject: Subject, ground: Collection[str]
) -> Iterator[Undoing]:
    """What a void of this type takes back; `ground`: the kinds of rows that scope looks at."""
    data = event_class.model_fields["data"].annotation
    fields = set(getattr(data, "model_fields", ()))
    follows = {
        STATE: isinstance(subject, Decided),
        SCOPE: isinstance(subject, Decided) and subject.kind in ground,
        INDEX: not fields.isdisjoint(IDS_OF_A_PERSON),
        CONTACT: "citizen_id" in fields,
        FIGURES: True,
    }
    yield from ALSO.get(event_class, ())
    for undoing, is_so in follows.items():
        if is_so and undoing not in LEFT_ALONE.get(event_class, ()):
            yield undoing
