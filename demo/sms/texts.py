"""The campaign's SMS as they go to phones: waited for, and compared with what the reports say."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from rich.console import Console

from demo import parameters as p
from demo.campaign import Campaign
from demo.comparison import Line
from demo.reader import Reader
from demo.results import Results
from demo.server import CannotPlay
from demo.sms import figures as counted
from demo.sms.afterwards import days_in_parts
from demo.sms.comparison import Reported, lines, read, show_wards
from demo.sms.journal import Journal
from demo.sms.ledger import OUTCOMES, UNFINISHED, Ledger
from demo.texts import Days
from demo.uploads import Planned, Upload

SOON = timedelta(minutes=1)
"""What comes due so soon is waited for: notify's clock goes on by itself."""
PATIENCE_S = 120.0
LOOK_AGAIN_S = 0.2
QUIET_LOOKS = 2
"""A contact may come by another queue a moment after its visit."""
HEARD = (
    "citizen.assisted.v1",
    "signature.issued.v1",
    "consent.given.v1",
    "consent.withdrawn.v1",
)
"""What notify must have heard; a void that comes before its target is not told until then."""
TITLE = "Tin nhắn SMS: điện thoại và báo cáo · SMS: phones and reports"


class PhoneTexts:
    """Phones and notify are asked; nothing is taken for done because it took long."""

    def __init__(self, journal: Journal, notify: Reader, reporting: Reader) -> None:
        self._journal = journal
        self._ledger = Ledger(notify)
        self._reporting = reporting
        self._results = Results()
        self._heard_before: Mapping[str, int] = {}
        self._now = p.LAUNCH
        """At least so late it is for notify."""
        self._reported = Reported({}, {}, {})

    async def begin(self, results: Results) -> None:
        """Raises: CannotPlay without notify."""
        self._results = results
        self._heard_before = await self._ledger.heard()

    def days(self, campaign: Campaign) -> Days:
        """Part by part, with quiet mornings."""
        return days_in_parts(campaign)

    async def settle(self, uploads: Sequence[Upload]) -> None:
        """Raises: CannotPlay where that does not come."""
        self._now = max([self._now, *(upload.at for upload in uploads if _is_heard(upload))])
        deadline, quiet = time.monotonic() + PATIENCE_S, 0
        while quiet < QUIET_LOOKS:
            if time.monotonic() > deadline:
                raise _never_quiet(self._now)
            quiet = quiet + 1 if await self._is_quiet() else 0
            await asyncio.sleep(LOOK_AGAIN_S)

    async def compared(self, until: date) -> Mapping[str, list[Line]]:
        """Once all agree, or patience ends."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = await self._compare(until)
            if all(line.equal for line in found) or time.monotonic() > deadline:
                return {TITLE: found}
            await asyncio.sleep(LOOK_AGAIN_S)

    def show(self, console: Console) -> None:
        """The wards with the most SMS."""
        self._journal.look()
        show_wards(console, self._reported, counted.by_place(self._journal))

    async def _is_quiet(self) -> bool:
        """In this order: what the ledger has let go stands in the journal."""
        heard = await self._ledger.heard()
        for type_ in HEARD:
            fresh = heard.get(type_, 0) - self._heard_before.get(type_, 0)
            if fresh < self._results.accepted[type_]:
                return False
        if not await self._ledger.is_quiet(self._now + SOON):
            return False
        self._journal.look()
        return not self._journal.waiting

    async def _compare(self, until: date) -> list[Line]:
        entries = await self._ledger.entries((*UNFINISHED, *OUTCOMES))
        self._reported = await read(self._reporting, until)
        self._journal.look()
        return lines(self._journal, self._reported, entries, self._results.tally)


def _is_heard(upload: Upload) -> bool:
    """Doors alone do not move notify's clock, nor does what is sent again."""
    return any(one.planned is Planned.ACCEPTED and one.record.type in HEARD for one in upload.sent)


def _never_quiet(now: datetime) -> CannotPlay:
    return CannotPlay(
        f"Sau {PATIENCE_S:.0f} giây vẫn còn tin nhắn chờ gửi lúc {now:%d/%m/%Y %H:%M};"
        " hãy xem nhật ký của notify.",
        f"After {PATIENCE_S:.0f} s SMS are still due at {now:%d/%m/%Y %H:%M};"
        " see the log of notify.",
    )
