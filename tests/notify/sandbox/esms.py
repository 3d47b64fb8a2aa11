"""eSMS as its document of 2026-04-07 has it, and where it is silent, as a setting.

Imitated: quoted codes; CodeResult of sending beside CodeResponse of the balance; 146 with an SMSID
and 124 without; 24 hours of memory for RequestIds; a status that is 105 just after sending; the
unsigned receipt by GET, "done" without counts too; the signed MO; Sandbox, which leaves no trace.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.builders import SATURDAY
from tests.notify.sandbox.server import Asked, Imitation, Told

MEMORY = timedelta(hours=24)
_NEEDED = ("ApiKey", "SecretKey", "Phone", "Content", "Brandname", "SmsType")


@dataclass
class Kept:
    """One SMS that eSMS took."""

    message_id: str
    body: dict[str, Any]
    at: datetime


class EsmsImitation(Imitation):
    def __init__(self) -> None:
        super().__init__()
        self.now = SATURDAY
        self.keys = ("api-key-of-a-test", "secret-key-of-a-test")
        self.brandname = "TUNGNGO"
        self.next_message_id = "mo-1"
        self.private_key = "private-key-of-a-test"
        self.refuses_with: str | None = None
        """A code for whatever is right by its form."""
        self.refusals_use_up_ids = False
        """The document does not say."""
        self.kept: dict[str, Kept] = {}
        """By RequestId, or by SMSID where there is none."""
        self.used: dict[str, datetime] = {}

    def answer(self, asked: Asked) -> Told:
        match asked.path:
            case "/SendMultipleMessage_V4_post_json/":
                return Told(200, self._send(asked.json))
            case "/GetBalance_json":
                return Told(200, {"Balance": 1_000_000, "CodeResponse": "100", "UserID": 1})
            case "/GetSendStatus":
                return Told(200, self._status(asked.query.get("RefId", "")))
        return Told(404, b"<html>Endpoint not found.</html>")

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        if any(not isinstance(body.get(name), str) or not body[name] for name in _NEEDED):
            return {"error": "Invalid request"}
        request_id = body.get("RequestId", "")
        if refused := self._refused(body):
            if self.refusals_use_up_ids and request_id:
                self.used[request_id] = self.now
            more = {"SMSID": f"refused-{request_id}"} if refused == "146" else {}
            return _answered(refused, "refused", **more)
        if request_id and self.now - self.used.get(request_id, self.now - MEMORY) < MEMORY:
            return _answered("124", "Request exist 1")
        message_id = f"{len(self.used) + 1:08x}-4a5d-4c3b-9b0e-000000000000{len(self.asked)}"
        if body.get("Sandbox") != "1":
            self.used[request_id] = self.now
            self.kept[request_id or message_id] = Kept(message_id, body, self.now)
        return {"CodeResult": "100", "CountRegenerate": 0, "SMSID": message_id}

    def _refused(self, body: dict[str, Any]) -> str | None:
        if (body["ApiKey"], body["SecretKey"]) != self.keys:
            return "101"
        if body["Brandname"] != self.brandname:
            return "104"
        if body["SmsType"] != "2" or len(body.get("RequestId", "")) > 50:
            return "118"
        if not body["Phone"].isdecimal():
            return "108"
        return self.refuses_with

    def _status(self, message_id: str) -> dict[str, Any]:
        sent = next((k for k in self.kept.values() if k.message_id == message_id), None)
        if sent is None or self.now - sent.at < timedelta(minutes=1):
            return {"CodeResponse": "105", "ErrorMessage": "SMSID not found"}
        return {"CodeResponse": "100", "SendStatus": 5, "SendSuccess": 1, "SendFailed": 0}

    def receipt(
        self, request_id: str, status: int = 5, succeeded: str = "1", failed: str = "0"
    ) -> httpx.Request:
        """The call of the address that the submission named; not signed."""
        kept = self.kept[request_id]
        told = {
            "SMSID": kept.message_id,
            "RequestId": request_id,
            "SendStatus": str(status),
            "SendSuccess": succeeded,
            "SendFailed": failed,
            "TotalPrice": "520",
            "TotalReceiver": "1",
            "TotalSent": "1",
            "TypeId": "2",
            "telcoid": "1",
            "phonenumber": kept.body["Phone"],
            "partnerids": "",
        }
        return httpx.Request("GET", _path_of(kept.body["CallbackUrl"]), params=told)

    def reply(self, address: str, sender: str, content: str, /, **changes: str) -> httpx.Request:
        """A citizen's SMS, signed."""
        told = {
            "sender": sender,
            "content": content,
            "serviceNumber": "8000",
            "keyword": content.partition(" ")[0],
            "cpid": "17",
            "smsid": self.next_message_id,
            "receiverTime": "20251011080000",
        }
        signed = f"{told['cpid']}{told['smsid']}{content}{told['receiverTime']}{self.private_key}"
        digest = hashlib.md5(signed.encode(), usedforsecurity=False).digest()
        told["sign"] = base64.b64encode(digest).decode()
        return httpx.Request("GET", address, params=told | changes)


def _answered(code: str, why: str, **more: str) -> dict[str, Any]:
    return {"CodeResult": code, "CountRegenerate": 0, "ErrorMessage": why, **more}


def _path_of(url: str) -> str:
    """The address without its host, which the tests' client adds."""
    return f"http://testserver{urlsplit(url).path}"
