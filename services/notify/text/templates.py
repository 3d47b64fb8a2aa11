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
from services.notify.notification.notification import Notification
from services.notify.notification.occasions import About, Occasion
from services.platform.vietnam.texts import composed, unmarked
from services.platform.vietnam.wards import WardKind, ward_at

VERSION = 2
HOTLINE = "1022"
"""The city's."""

_ASKS = "Nhắn tới {{ number }} (miễn phí): 1 đúng, 2 sai, 3 nhầm số, TC từ chối."
_HELPED = "Ngày {{ day }}, ông/bà đã được hỗ trợ kỹ năng số tại {{ ward }}."
_ISSUED = "Yêu cầu hỗ trợ kỹ năng số ngày {{ day }} tại {{ ward }} đã có kết quả."
_IF_WRONG = "Nếu không đúng, xin gọi {{ phone }}."
_FROM_NOW = "Đã ghi nhận từ {{ time }} ngày {{ day }}: số này"
_REFUSED = f"{_FROM_NOW} từ chối tin về hỗ trợ kỹ năng số. Hỏi: {{{{ phone }}}}."
_AGREED = f"{_FROM_NOW} nhận lại tin về hỗ trợ kỹ năng số. Hỏi: {{{{ phone }}}}."
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
    "command.stop": _REFUSED,
    "command.stop.by_sms": f"{_REFUSED} Nhận lại: nhắn DK tới {{{{ number }}}}.",
    "command.start": _AGREED,
    "command.start.by_sms": f"{_AGREED} Từ chối: nhắn TC tới {{{{ number }}}}.",
    "reminder": (
        "Nhắc hẹn: {{ time }} ngày {{ day }}, ông/bà có lịch hỗ trợ kỹ năng số tại {{ ward }}. "
        "Hỏi: {{ phone }}."
    ),
}
_WITH_A_NUMBER = (".asking", ".by_sms")
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


_SPACES = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t"
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_TYPED = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u00b7\u25cf\u25aa", "-")
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_UNSEEN, "")
    | {"\u2026": "...", "\u00d7": "x", "\u20ab": "đ"}
)
"""Quotes, dashes, bullets, spaces and the like of word processors, and the keys they stand for."""


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
        text = advert(invitations.get(notification.main_occasion.detail, ""), style)
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
    about, told = notification.about, notification.main_occasion
    asking, by_sms = _WITH_A_NUMBER if style.reply_number else ("", "")
    match about:
        case About.VISIT:
            return f"visit.{told.kind}{asking}"
        case About.CORRECTION:
            return f"correction.{'changed' if _corrected(notification) else 'taken_back'}"
        case About.OUTCOME:
            return f"outcome.{told.detail}"
        case About.INVITATION:
            return f"invitation.{told.detail}"
        case About.COMMAND:
            return f"command.{told.detail.partition('-')[0]}{by_sms}"
    return "follow_up.asking" if about is About.FOLLOW_UP else str(about)


def specimens(style: Style, ward: str, day: date) -> tuple[Text, ...]:
    """Every standing text of this style as one ward would have it sent."""
    own = style.ward_phones.get(ward)
    wordings = (w for w in _SOURCES if style.reply_number or not w.endswith(_WITH_A_NUMBER))
    lines = (_Lines(w, ward, day, "08:00", own, style.accents) for w in wordings)
    return tuple(_written(one, style.reply_to) for one in lines)


def advert(text: str, style: Style) -> str:
    """Marked first, with the way to refuse last: Decree 91/2020, articles 18 and 20."""
    word = f"{style.reply_prefix} TC".strip()
    refusal = f"nhắn {word} tới {style.reply_number}" if style.reply_number else f"gọi {HOTLINE}"
    return f"[QC] {text} Từ chối: {refusal}"


def fitted(text: str, style: Style) -> str:
    """NFC, and without marks where the style has none: then it is GSM-7, but for letters that have
    no likeness in it.

    What a word processor puts in place of a key is that key again, in either style.
    """
    typed = composed(text).translate(_TYPED)
    return composed(typed if style.accents else unmarked(typed))


def _spoken_of(notification: Notification) -> Occasion:
    """A correction tells what is right, where something is."""
    return _corrected(notification) or notification.main_occasion


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
