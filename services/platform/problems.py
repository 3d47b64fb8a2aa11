"""Problems as people and programs read them: RFC 9457, a stable code, two languages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

PROBLEM_MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
"""Where nobody knows better when it will go well."""
_PLAIN_NAME = re.compile(r"(?!.*\d{3})[a-z_-][a-z0-9_-]{0,39}")
"""Fields such as `phones_2g`, and nothing that is a number."""


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One row in the page of codes: what happened and what to do."""

    known: ClassVar[dict[str, "ProblemKind"]] = {}

    code: str
    status: int
    vi: str
    en: str
    retryable: bool = False

    def __post_init__(self) -> None:
        if self.known.setdefault(self.code, self) != self:
            raise ValueError(f"two meanings for the code {self.code}")


def known_kinds() -> tuple[ProblemKind, ...]:
    """Every kind that the loaded modules declare."""
    return tuple(ProblemKind.known.values())


class Problem(Exception):
    """A request, or one event of it, that cannot be done; `pointer` is as in RFC 6901."""

    def __init__(
        self,
        kind: ProblemKind,
        pointer: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.pointer = pointer
        self.headers = headers or {}
        self.hint = ("", "")
        """In both languages, what would have been right here; nothing of what was posted."""

    @property
    def vi(self) -> str:
        """What happened and what to do."""
        return f"{self.kind.vi} {self.hint[0]}".strip()

    @property
    def en(self) -> str:
        """The same in English."""
        return f"{self.kind.en} {self.hint[1]}".strip()

    def document(self) -> dict[str, object]:
        """The problem document; holds nothing that was posted."""
        return {
            "type": f"/problems#{self.kind.code}",
            "title": self.kind.en,
            "status": self.kind.status,
            "code": self.kind.code,
            "pointer": self.pointer,
            "message": {"vi": self.vi, "en": self.en},
            "retryable": self.kind.retryable,
        }


def pointer(steps: Iterable[int | str]) -> str:
    """To what was posted (RFC 6901); a name that somebody made up may itself be personal."""
    shown = (s for s in steps if isinstance(s, int) or _PLAIN_NAME.fullmatch(s))
    return "".join(f"/{step}" for step in shown)


UNAVAILABLE = ProblemKind(
    "unavailable",
    503,
    "Hệ thống tạm thời chưa trả lời được. Hãy thử lại sau ít giây: hỏi lại hoặc gửi lại toàn bộ, "
    "không sợ trùng.",
    "The system cannot answer at the moment. Try again in a few seconds: ask again, or send "
    "everything again; nothing is counted twice.",
    retryable=True,
)
UNAUTHENTICATED = ProblemKind(
    "unauthenticated",
    401,
    "Chưa đăng nhập hoặc phiên đã hết hạn. Hãy đăng nhập lại.",
    "Not signed in, or the session has ended. Sign in again.",
)
FORBIDDEN = ProblemKind(
    "forbidden",
    403,
    "Tài khoản này không có quyền làm việc này. Hãy hỏi người quản trị của phường.",
    "This account may not do this. Ask your ward's administrator.",
)
NOT_FOUND = ProblemKind(
    "not_found", 404, "Không tìm thấy. Hãy kiểm tra lại mã.", "Not found. Check the id."
)
INVALID_REQUEST = ProblemKind(
    "invalid_request",
    422,
    "Tham số không đúng. Xem vị trí lỗi trong `pointer`.",
    "A parameter is not right. `pointer` says which.",
)
TOO_MANY_REQUESTS = ProblemKind(
    "too_many_requests",
    429,
    "Gửi quá nhanh. Hãy đợi rồi gửi lại.",
    "Too many requests. Wait, then send again.",
    retryable=True,
)
METHOD_NOT_ALLOWED = ProblemKind(
    "method_not_allowed",
    405,
    "Địa chỉ này không nhận cách gọi đó.",
    "This address does not take that method.",
)
BODY_TOO_LARGE = ProblemKind(
    "body_too_large",
    413,
    "Nội dung gửi lên lớn hơn mức địa chỉ này nhận. Hãy gửi ít hơn mỗi lần.",
    "The body holds more than this address takes. Send less at a time.",
)
HEADERS_TOO_LARGE = ProblemKind(
    "headers_too_large",
    431,
    "Tiêu đề của yêu cầu quá dài hoặc quá nhiều. Hãy xóa cookie rồi thử lại.",
    "The request has too many headers, or too long ones. Clear the cookies, then try again.",
)
TOO_SLOW = ProblemKind(
    "too_slow",
    408,
    "Yêu cầu đến quá chậm nên bị ngắt. Hãy gửi lại khi mạng tốt hơn, hoặc chia nhỏ.",
    "The request took too long to arrive. Send it again on a better network, or in parts.",
    retryable=True,
)
TOO_BUSY = ProblemKind(
    "too_busy",
    503,
    "Hệ thống đang nhận quá nhiều cùng lúc. Hãy đợi theo `Retry-After` rồi gửi lại.",
    "The system takes in too much at the moment. Wait as `Retry-After` says, then send again.",
    retryable=True,
)
NOT_HTTP = ProblemKind(
    "not_http",
    400,
    "Yêu cầu không đúng dạng HTTP/1.1. Hãy kiểm tra phần mềm gửi.",
    "The request is not valid HTTP/1.1. Check the sending software.",
)
INTERNAL = ProblemKind(
    "internal",
    500,
    "Lỗi của hệ thống, không phải của bạn; đã được ghi lại. Hãy gửi lại sau.",
    "A fault of the system, not yours; it is recorded. Send again later.",
    retryable=True,
)
UNKNOWN_WARD = ProblemKind(
    "unknown_ward",
    422,
    "Không có phường, xã, đặc khu mang mã này. Hãy tra danh mục.",
    "No ward has this code. See the directory.",
)
PERIOD_REVERSED = ProblemKind(
    "period_reversed",
    422,
    "Ngày kết thúc sớm hơn ngày bắt đầu.",
    "The last day lies before the first.",
)
