"""The texts of our SMS, each with a version; drafts until whoever runs the system approves them.

A text gives date, ward, the ward's telephone and 1022. No name, no link, and no service beyond
"hỗ trợ kỹ năng số": a phone lies on a table and is read by others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from jinja2 import StrictUndefined, Template, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.events.envelope import CITY_TIME
from services.notify.notification import Notification
from services.notify.occasions import About, Occasion
from services.platform.texts import composed, unmarked
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
    reply_prefix: str = ""
    """The word before each answer, where several share the number."""

    @property
    def reply_to(self) -> str:
        """The number, and how an answer to it begins."""
        if not (self.reply_number and self.reply_prefix):
            return self.reply_number
        return f"{self.reply_number} bắt đầu bằng {self.reply_prefix}"


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
    occasion = _spoken_of(notification)
    if notification.about.advertises:
        text = advert(invitations.get(notification.told.detail, ""), style)
        return Text(name_of(wording, style), fitted(text, style))
    own = style.ward_phones.get(occasion.ward)
    hour = f"{occasion.at.astimezone(CITY_TIME):%H:%M}" if "time" in _named_in(wording) else ""
    lines = _Lines(wording, occasion.ward, occasion.day, hour, own, style.accents)
    return _written(lines, style.reply_to)


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


def specimens(style: Style, ward: str, day: date) -> tuple[Text, ...]:
    """Every standing text of this style as one ward would have it sent."""
    own = style.ward_phones.get(ward)
    wordings = (w for w in _SOURCES if style.reply_number or not w.endswith(".asking"))
    lines = (_Lines(w, ward, day, "08:00", own, style.accents) for w in wordings)
    return tuple(_written(one, style.reply_to) for one in lines)


def advert(text: str, style: Style) -> str:
    """Marked first, with the way to refuse last: Decree 91/2020, articles 18 and 20."""
    word = f"{style.reply_prefix} TC".strip()
    refusal = f"nhắn {word} tới {style.reply_number}" if style.reply_number else f"gọi {HOTLINE}"
    return f"[QC] {text} Từ chối: {refusal}"


def fitted(text: str, style: Style) -> str:
    """NFC, and without marks where the style has none: then it is GSM-7."""
    return composed(text if style.accents else unmarked(text))


def _spoken_of(notification: Notification) -> Occasion:
    """A correction tells what is right, where something is."""
    return _corrected(notification) or notification.told


def _corrected(notification: Notification) -> Occasion | None:
    """The visit that stands in place of the one that was told."""
    if notification.corrects is None:
        return None
    recipient = notification.recipient_id
    own = [o for o in notification.standing if o.citizen_id == recipient]
    return own[-1] if own else None


class _Lines(NamedTuple):
    """All that a text depends on; none of it is of a citizen."""

    wording: str
    ward: str
    day: date
    hour: str
    own_phone: str | None
    accents: bool


@lru_cache(maxsize=20_000)
def _written(lines: _Lines, number: str) -> Text:
    """A ward's day is one text to all who were visited on it."""
    style = Style(lines.accents, number)
    fields = {
        "day": f"{lines.day:%d/%m/%Y}",
        "time": lines.hour,
        "ward": _place(lines.ward, lines.day),
        "phone": f"{lines.own_phone}, {HOTLINE}" if lines.own_phone else HOTLINE,
        "number": number,
    }
    body = fitted(_template(lines.wording).render(fields), style)
    asks = lines.wording.endswith(".asking")
    return Text(name_of(lines.wording, style), body, asks, fields)


@cache
def _named_in(wording: str) -> frozenset[str]:
    return frozenset(meta.find_undeclared_variables(_ENVIRONMENT.parse(_SOURCES[wording])))


@cache
def _template(wording: str) -> Template:
    return _ENVIRONMENT.from_string(_SOURCES[wording])


@cache
def _place(code: str, day: date) -> str:
    ward = ward_at(code, day)
    if ward is None or ward.kind is WardKind.CITY:
        return "TP.HCM"
    return ward.name[0].lower() + ward.name[1:]
