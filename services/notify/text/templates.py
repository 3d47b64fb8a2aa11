"""The texts of our SMS, each with a version; drafts until whoever runs the system approves them.

A text gives date, ward and 1022. No name, no link, and no service beyond "hỗ trợ kỹ năng số":
a phone lies on a table and is read by others.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.visits import VisitKind
from services.platform.wards import WardKind, ward_at

_SET = "visit"
_VERSION = 1
_SOURCES = {
    VisitKind.ASSISTED: (
        "Ngày {{ day }}, ông/bà đã được hỗ trợ kỹ năng số tại {{ ward }}. "
        "Nếu không đúng, xin gọi 1022."
    ),
    VisitKind.SIGNATURE_ISSUED: (
        "Ngày {{ day }}, yêu cầu hỗ trợ kỹ năng số của ông/bà tại {{ ward }} đã có kết quả. "
        "Nếu không đúng, xin gọi 1022."
    ),
}
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


@dataclass(frozen=True, slots=True)
class Text:
    """A text ready to be sent, and the template it came from."""

    template: str
    body: str


def template_name(kind: VisitKind, *, accents: bool) -> str:
    """The permanent name of one text, such as `visit.assisted.plain.v1`."""
    form = "accents" if accents else "plain"
    return f"{_SET}.{kind}.{form}.v{_VERSION}"


def render(kind: VisitKind, day: date, ward: str, *, accents: bool) -> Text:
    """What is told of a visit on that day in that ward (its code)."""
    body = _template(kind).render(day=f"{day:%d/%m/%Y}", ward=_place(ward, day))
    body = unicodedata.normalize("NFC", body)
    return Text(template_name(kind, accents=accents), body if accents else _plain(body))


@cache
def _template(kind: VisitKind) -> Template:
    return _ENVIRONMENT.from_string(_SOURCES[kind])


def _place(code: str, day: date) -> str:
    ward = ward_at(code, day)
    if ward is None or ward.kind is WardKind.CITY:
        return "TP.HCM"
    return ward.name[0].lower() + ward.name[1:]


def _plain(text: str) -> str:
    """Without marks, in the case it had: a GSM-7 text of one segment."""
    bare = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))
