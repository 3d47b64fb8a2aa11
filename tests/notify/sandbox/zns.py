"""Zalo's notifications as its guideline, published clients and notes have them.

Imitated: refusals with HTTP 200 and a negative `error`, `data` null; numbers as strings; refresh
tokens that are good once; the night, the quotas and templates for tests; receipts in both shapes;
signatures bare or after `mac=`; a webhook that is called six times, with 2 s for each answer, and
is turned off then.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.builders import SATURDAY
from tests.notify.sandbox.server import Asked, Imitation, Told

ACCESS_LASTS = timedelta(hours=25)
TRIES = 6
"""Of the webhook: at once, after 30 s, 5, 15 and 30 min, and an hour; then it is turned off."""
PATIENCE_S = 2.0


@dataclass
class Kept:
    """One ZNS that Zalo took."""

    message_id: str
    body: dict[str, Any]


class ZnsImitation(Imitation):
    def __init__(self) -> None:
        super().__init__()
        self.now = SATURDAY
        self.app_id, self.oa_secret = "4242424242", "oa-secret-of-a-test"
        self.secret_key = "secret-key-of-a-test"
        self.refresh_token = "refresh-0"
        self.used: set[str] = set()
        self.access: dict[str, datetime] = {}
        self.template_fields = {"1001": {"day", "ward"}}
        self.for_tests: set[str] = set()
        self.without_zalo: set[str] = set()
        self.daily_quota = 500
        self.is_night = False
        self.refuses_with: int | None = None
        self.kept: list[Kept] = []
        self.webhook_is_on = True
        self.counted: Counter[str] = Counter()

    @property
    def renewals(self) -> int:
        return len(self.used)

    def answer(self, asked: Asked) -> Told:
        self.counted[asked.path] += 1
        if asked.path == "/v4/oa/access_token":
            return Told(200, self._renew(asked))
        if asked.path == "/message/template":
            token = asked.headers.get("access_token", "")
            return Told(200, self._send(token, asked.json))
        return Told(404, {"error": -1, "message": "not found"})

    def forget_access(self) -> None:
        """All access tokens are over, before their time."""
        self.access.clear()

    def _renew(self, asked: Asked) -> dict[str, Any]:
        form = asked.form
        shown = form.get("refresh_token", "")
        if asked.headers.get("secret_key") != self.secret_key or form["app_id"] != self.app_id:
            return {"error": -14004, "error_name": "Invalid secret key"}
        if form.get("grant_type") != "refresh_token" or shown != self.refresh_token:
            used = shown in self.used
            return {"error": -14014 if used else -14012, "error_name": "Invalid refresh token"}
        self.used.add(shown)
        self.refresh_token = f"refresh-{len(self.used)}"
        access = f"access-{len(self.used)}"
        self.access[access] = self.now + ACCESS_LASTS
        seconds = str(int(ACCESS_LASTS.total_seconds()))
        return {
            "access_token": access,
            "refresh_token": self.refresh_token,
            "expires_in": seconds,
        }

    def _send(self, token: str, body: dict[str, Any]) -> dict[str, Any]:
        refused = self._refused(token, body)
        if refused:
            return {"error": -refused, "message": "refused", "data": None}
        self.daily_quota -= 1
        self.kept.append(Kept(f"{len(self.kept):020x}", body))
        sent_at_ms = str(int(self.now.timestamp() * 1_000))
        quota = {"dailyQuota": "500", "remainingQuota": str(self.daily_quota)}
        data = {
            "msg_id": self.kept[-1].message_id,
            "sent_time": sent_at_ms,
            "sending_mode": "1",
            "quota": quota,
        }
        return {"error": 0, "message": "Success", "data": data}

    def _refused(self, token: str, body: dict[str, Any]) -> int | None:
        fields = self.template_fields.get(body.get("template_id", ""))
        tests_only = body.get("template_id") in self.for_tests
        tracking = body.get("tracking_id", "")
        checks = {
            124: self.access.get(token, self.now) <= self.now,
            131: fields is None,
            127: tests_only and body.get("mode") != "development",
            1122: fields is not None and not fields <= set(body["template_data"]),
            108: not body["phone"].isdecimal(),
            100: not (tracking.isascii() and tracking.isalnum() and len(tracking) <= 48),
            118: body["phone"] in self.without_zalo,
            133: self.is_night,
            144: self.daily_quota <= 0,
        }
        return next((code for code, is_so in checks.items() if is_so), self.refuses_with)

    def receipt(self, kept: Kept, *, flat: bool = False, **changes: Any) -> dict[str, Any]:
        """The event that it was delivered, in one of the two shapes seen."""
        said = {
            "msg_id": kept.message_id,
            "tracking_id": kept.body["tracking_id"],
            "delivery_time": str(int(self.now.timestamp() * 1_000)),
        } | changes
        event = {"event_name": "user_received_message", "app_id": self.app_id, **self._when()}
        return event | (said if flat else {"message": said, "recipient": {"id": "55"}})

    def written(self, text: str) -> dict[str, Any]:
        """The event that somebody wrote to the account."""
        return {
            "event_name": "user_send_text",
            "app_id": self.app_id,
            "sender": {"id": "246845883529197922"},
            "recipient": {"id": "388613280878808645"},
            "message": {"text": text, "msg_id": "96d3cdf3af150460909"},
            **self._when(),
        }

    def call(self, address: str, event: dict[str, Any], form: str = "{}") -> httpx.Request:
        """Of the webhook, signed; `form` may put `mac=` before the signature."""
        body = json.dumps(event)
        signed = f"{self.app_id}{body}{event['timestamp']}{self.oa_secret}"
        shown = form.format(hashlib.sha256(signed.encode()).hexdigest())
        headers = {"X-ZEvent-Signature": shown, "Content-Type": "application/json"}
        return httpx.Request("POST", address, content=body, headers=headers)

    def tell(self, client: httpx.Client, request: httpx.Request) -> int:
        """Calls until it is answered 200, without the pauses; how often it called."""
        for called in range(1, TRIES + 1):
            if client.send(request).status_code == 200:
                return called
        self.webhook_is_on = False
        return TRIES

    def _when(self) -> dict[str, str]:
        return {"timestamp": str(int(self.now.timestamp() * 1_000))}
