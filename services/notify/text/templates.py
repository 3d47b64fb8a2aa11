"""The texts of our SMS, each with a version; drafts until whoever runs the system approves them.

A text gives date, ward, the ward's telephone and 1022. No name, no link, and no service beyond
"hỗ trợ kỹ năng số": a phone lies on a table and is read by others.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.events.envelope import CITY_TIME
from services.notify.notification import Notification
from services.notify.occasions import About, Occasion
from services.platform.wards import WardKind, ward_at

VERSION = 2
HOTLINE = "1022"
"""The city's."""

_ASKS = "Nhắn tới {{ number }} (miễn phí): 1 đúng, 2 sai, 3 nhầm số, TC từ chối."
_HELPED = "Ngày {{ day }}, ông/bà đã được hỗ trợ kỹ năng số tại {{ ward }}."
_ISSUED = "Yêu cầu hỗ trợ kỹ năng số ngày {{ day }} tại {{ ward }} đã có kết quả."
_IF_WRONG = "Nếu không đúng, xin gọi {{ phone }}."
_SOURCES = {
    "visit.assisted": f"{_HELPED} {_IF_WRONG}",
    "visit.assisted.asking": f"{_HELPED} Hỏi: {{{{ phone }}}}. {_ASKS}",
    "visit.signature_issued": f"{_ISSUED} {_IF_WRONG}",
    "visit.signature_issued.asking": f"{_ISSUED} Hỏi: {{{{ phone }}}}. {_ASKS}",
    "correction.taken_back": (
        "Tin về hỗ trợ kỹ năng số ngày {{ day }} tại {{ ward }} là nhầm, "
        "xin ông/bà bỏ qua. Hỏi: {{ phone }}."
    ),
    "correction.changed": (
        "Đính chính: ông/bà đã được hỗ trợ kỹ năng số ngày {{ day }} tại {{ ward }}. "
        "Tin trước ghi nhầm. Hỏi: {{ phone }}."
    ),
    "outcome.confirmed": (
        "Về phản ánh của ông/bà cho ngày {{ day }}: {{ ward }} đã xem lại, "
        "lượt hỗ trợ là đúng. Nếu chưa rõ, xin gọi {{ phone }}."
    ),
    "outcome.voided": (
        "Về phản ánh của ông/bà cho ngày {{ day }}: {{ ward }} đã xem lại "
        "và xóa lượt ghi nhầm. Hỏi: {{ phone }}."
    ),
    "follow_up.asking": (
        "Ngày {{ day }} ông/bà được hỗ trợ kỹ năng số tại {{ ward }}. Nay còn dùng không? "
        "Nhắn tới {{ number }} (miễn phí): 1 còn, 2 không, TC từ chối. Hỏi: {{ phone }}."
    ),
    "reminder": (
        "Nhắc hẹn: {{ time }} ngày {{ day }}, ông/bà có lịch hỗ trợ kỹ năng số tại {{ ward }}. "
        "Hỏi: {{ phone }}."
    ),
}
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is written for whoever carries it."""

    accents: bool = False
    """Vietnamese marks need UCS-2: two segments where one would do."""
    reply_number: str = ""
    """A number that citizens reach free of charge; empty: nothing is asked."""
    ward_phones: Mapping[str, str] = field(default_factory=dict)
    """By code of the ward; without one a text names the hotline alone."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text ready to be sent, and the template it came from."""

    template: str
    """Its permanent name, such as `visit.assisted.plain.v2`."""
    body: str
    asks: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


def render(
    notification: Notification, style: Style, invitations: Mapping[str, str] = MappingProxyType({})
) -> Text:
    """What is told; `invitations` are the approved texts of campaigns, by their ids."""
    wording = wording_of(notification, style)
    fields = _fields(_spoken_of(notification), style)
    if notification.about.advertises:
        text = advert(invitations[notification.told.detail], style)
    else:
        text = _template(wording).render(fields)
    body = fitted(text, style)
    asks = wording.endswith(".asking")
    return Text(name_of(wording, style), body, asks, fields)


def name_of(wording: str, style: Style) -> str:
    """The permanent name of a wording in one style."""
    return f"{wording}.{'accents' if style.accents else 'plain'}.v{VERSION}"


def wording_of(notification: Notification, style: Style) -> str:
    """Which of the texts is right for it."""
    about, told = notification.about, notification.told
    match about:
        case About.VISIT:
            return f"visit.{told.kind}" + (".asking" if style.reply_number else "")
        case About.CORRECTION:
            return f"correction.{'changed' if _corrected(notification) else 'taken_back'}"
        case About.OUTCOME:
            return f"outcome.{told.detail}"
        case About.FOLLOW_UP:
            return "follow_up.asking"
        case About.INVITATION:
            return f"invitation.{told.detail}"
    return str(about)


def advert(text: str, style: Style) -> str:
    """Marked first, with the way to refuse last: Decree 91/2020, articles 18 and 20."""
    refusal = f"nhắn TC tới {style.reply_number}" if style.reply_number else f"gọi {HOTLINE}"
    return f"[QC] {text} Từ chối: {refusal}"


def fitted(text: str, style: Style) -> str:
    """NFC, and without marks where the style has none: then it is GSM-7."""
    return unicodedata.normalize("NFC", text if style.accents else _plain(text))


def _spoken_of(notification: Notification) -> Occasion:
    """A correction tells what is right, where something is."""
    return _corrected(notification) or notification.told


def _corrected(notification: Notification) -> Occasion | None:
    """The visit that stands in place of the one that was told."""
    recipient = notification.recipient_id
    own = [o for o in notification.standing if o.citizen_id == recipient]
    return own[-1] if notification.corrects and own else None


def _fields(occasion: Occasion, style: Style) -> dict[str, str]:
    own = style.ward_phones.get(occasion.ward)
    return {
        "day": f"{occasion.day:%d/%m/%Y}",
        "time": f"{occasion.at.astimezone(CITY_TIME):%H:%M}",
        "ward": _place(occasion.ward, occasion.day),
        "phone": f"{own}, {HOTLINE}" if own else HOTLINE,
        "number": style.reply_number,
    }


@cache
def _template(wording: str) -> Template:
    return _ENVIRONMENT.from_string(_SOURCES[wording])


@cache
def _place(code: str, day: date) -> str:
    ward = ward_at(code, day)
    if ward is None or ward.kind is WardKind.CITY:
        return "TP.HCM"
    return ward.name[0].lower() + ward.name[1:]


def _plain(text: str) -> str:
    """In the case it had."""
    bare = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))
