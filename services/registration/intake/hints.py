"""What would have been right, in words: from pydantic's objections, never from what was posted."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.platform.problems import pointer

Hint = tuple[str, str]
"""In Vietnamese and in English."""
MOST = 10
"""Further faults that are named."""

_KNOWN: Mapping[str, Hint] = {
    "enum": ("Chọn một trong: {expected}.", "One of: {expected}."),
    "literal_error": ("Chọn một trong: {expected}.", "One of: {expected}."),
    "string_pattern_mismatch": ("Viết theo mẫu {pattern}.", "It has the form {pattern}."),
    "string_too_short": ("Ít nhất {min_length} ký tự.", "At least {min_length} characters."),
    "string_too_long": ("Nhiều nhất {max_length} ký tự.", "At most {max_length} characters."),
    "too_short": ("Ít nhất {min_length} mục.", "At least {min_length} items."),
    "too_long": ("Nhiều nhất {max_length} mục.", "At most {max_length} items."),
    "greater_than_equal": ("Ít nhất là {ge}.", "At least {ge}."),
    "greater_than": ("Lớn hơn {gt}.", "More than {gt}."),
    "less_than_equal": ("Nhiều nhất là {le}.", "At most {le}."),
    "less_than": ("Nhỏ hơn {lt}.", "Less than {lt}."),
}
_BY_KIND: Mapping[str, Hint] = {
    "timezone": (
        "Thiếu múi giờ: viết như 2025-10-11T09:30:00+07:00.",
        "The offset is missing: write it as 2025-10-11T09:30:00+07:00.",
    ),
    "datetime": (
        "Thời điểm viết như 2025-10-11T09:30:00+07:00.",
        "An instant is written as 2025-10-11T09:30:00+07:00.",
    ),
    "date": ("Ngày viết như 2025-10-11.", "A day is written as 2025-10-11."),
    "int": ("Cần một số nguyên, không có dấu ngoặc kép.", "It is a whole number, without quotes."),
    "float": ("Cần một số, không có dấu ngoặc kép.", "It is a number, without quotes."),
    "bool": ("Cần true hoặc false.", "It is true or false."),
    "string": ("Cần một chuỗi chữ.", "It is a text."),
    "tuple": ("Cần một danh sách.", "It is a list."),
    "model": ("Cần một đối tượng JSON.", "It is a JSON object."),
    "dict": ("Cần một đối tượng JSON.", "It is a JSON object."),
    "value": (
        "Số không có dấu ngoặc kép; ngày giờ theo RFC 3339, như 2025-10-11T09:30:00+07:00.",
        "A number has no quotes; a time is as in RFC 3339, such as 2025-10-11T09:30:00+07:00.",
    ),
}
"""By the first word of the name of what pydantic objects to."""


def hint(errors: Sequence[Mapping[str, Any]], at: str) -> Hint:
    """What is expected where the first fault is, and where the others are."""
    first, *others = errors
    vi, en = _expected(first)
    told = at + pointer(first["loc"])
    places = dict.fromkeys(at + pointer(other["loc"]) for other in others)
    more = [place for place in places if place != told][:MOST]
    if more:
        vi += f" Cũng chưa đúng: {', '.join(more)}."
        en += f" Not right either: {', '.join(more)}."
    return vi.strip(), en.strip()


def _expected(error: Mapping[str, Any]) -> Hint:
    if found := _KNOWN.get(error["type"]):
        vi, en = (text.format_map(error.get("ctx", {})) for text in found)
        return vi.replace(" or ", ", "), en.replace(" or ", ", ")
    return _BY_KIND.get(str(error["type"]).partition("_")[0], ("", ""))
