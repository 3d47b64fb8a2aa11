"""SpeedSMS as its page and published clients have it.

Imitated: `token:x`; `type` beside `sms_type`; a success that names an invalid number; 401 and 429
in another shape, with a numeric `status`; errors without a `code`; no memory of what was sent; the
unsigned report with 0, 1-63 or 64 and more.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.notify.sandbox.server import Asked, Imitation, Told

A_MINUTE = 60
_VND = 350


@dataclass
class Kept:
    """One SMS that SpeedSMS took."""

    message_id: int
    phone: str
    body: dict[str, Any]


class SpeedsmsImitation(Imitation):
    def __init__(self) -> None:
        super().__init__()
        self.token = "token-of-a-test"
        self.brands = {"TUNGNGO"}
        self.refuses_with: dict[str, Any] | None = None
        """More of an error, such as its code, for whatever is right by its form."""
        self.of_the_old_kind = False
        """Numbers of answers are strings then, as published clients read them too."""
        self.free = A_MINUTE
        """Of the requests of this minute."""
        self.reset_s = 17
        self.kept: list[Kept] = []

    def answer(self, asked: Asked) -> Told:
        if asked.basic != f"{self.token}:x":
            return _turned(401, "Unauthorized", "Your request was made with invalid credentials.")
        if self.free <= 0:
            reset = {"X-Rate-Limit-Limit": str(A_MINUTE), "X-Rate-Limit-Reset": str(self.reset_s)}
            return _turned(429, "Too Many Requests", "Rate limit exceeded.", reset)
        self.free -= 1
        if asked.path != "/sms/send":
            return _turned(404, "Not Found", "Page not found.")
        return Told(200, self._send(asked.json))

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        to, sms_type = body.get("to"), body.get("sms_type", body.get("type"))
        if not isinstance(to, list) or not to or not body.get("content"):
            return _error(code="101", message="invalid parameters")
        if sms_type in (1, 3) and body.get("sender") not in self.brands:
            return _error(code="009", message="sender is not allowed")
        if self.refuses_with is not None:
            return _error(**self.refuses_with)
        invalid = [phone for phone in to if not phone.isdecimal()]
        taken = [self._keep(phone, body) for phone in to if phone not in invalid]
        return self._success(taken, invalid)

    def _keep(self, phone: str, body: dict[str, Any]) -> int:
        self.kept.append(Kept(100_000 + len(self.kept), phone, body))
        return self.kept[-1].message_id

    def _success(self, taken: list[int], invalid: list[str]) -> dict[str, Any]:
        number: Callable[[int], object] = str if self.of_the_old_kind else int
        data = {
            "tranId": number(taken[0]) if taken else None,
            "totalSMS": number(len(taken)),
            "totalPrice": number(_VND * len(taken)),
            "invalidPhone": invalid,
        }
        return {"status": "success", "code": "00", "data": data}


def report(address: str, message_id: int, status: int, phone: str = "0900000001") -> httpx.Request:
    """A delivery report; not signed."""
    told = {"type": "report", "tranId": message_id, "phone": phone, "status": status}
    return httpx.Request("POST", address, content=json.dumps(told))


def reply(address: str, phone: str, content: str) -> httpx.Request:
    """A citizen's SMS; not signed, and without an id."""
    told = {"type": "sms", "phone": phone, "content": content}
    return httpx.Request("POST", address, content=json.dumps(told))


def _error(**more: Any) -> dict[str, Any]:
    return {"status": "error", "invalidPhone": [], **more}


def _turned(status: int, name: str, message: str, headers: dict[str, str] | None = None) -> Told:
    body = {"name": name, "message": message, "code": 0, "status": status}
    return Told(status, body, headers or {})
