"""Whether what was written ahead may still leave, asked as its first byte is about to.

An SMS may wait long for its turn, for a connection or for a place in a window. The policy is asked
again by the clock each time. What else the verdict rests on is read again once that is older than
`holds`; those that ask at the same time share the reading.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.notify.contacts.contacts import Contacts
from services.notify.ledger.controls import Controls
from services.notify.ledger.ledger import Ledger
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.policy import Rules, Send, against, judge
from services.notify.providers.provider import MayLeave
from services.notify.sending.drafts import Draft
from services.platform.clock import Clock
from services.platform.group_commit import GroupCommit
from services.platform.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known now of that on which verdicts rest."""

    notifications: dict[str, int]
    """Versions, as of records."""
    records: dict[str, int]
    numbers: dict[str, NumberRecord]
    controls: Controls


class LastLook:
    """Of one process; nothing that changed meanwhile leaves as it was."""

    def __init__(
        self,
        ledger: Ledger,
        contacts: Contacts,
        rules: Rules,
        holds: timedelta,
        *,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._contacts = contacts
        self._rules = rules
        self._holds = holds
        self._clock = clock
        self._machine_clock = machine_clock
        self._readings = GroupCommit[Draft, bool](self._read)

    def at(self, ready: Draft, looked_at: datetime) -> MayLeave:
        """For a provider to ask; `looked_at` is machine time, before anything was read for it."""
        return partial(self._may_leave, ready, looked_at)

    async def _may_leave(self, ready: Draft, looked_at: datetime) -> bool:
        verdict = judge(ready.notification, ready.recipient, self._clock(), self._rules)
        if not isinstance(verdict, Send):
            return False
        if timedelta(0) <= self._machine_clock() - looked_at < self._holds:
            return True
        try:
            return await self._readings.add(ready)
        except Unavailable:
            return False

    async def _read(self, ready: Sequence[Draft]) -> Sequence[bool]:
        notifications, records, numbers, controls = await asyncio.gather(
            self._ledger.versions({d.notification.id for d in ready}),
            self._contacts.versions({id_ for d in ready for id_ in d.recipient.versions}),
            self._ledger.numbers({d.number_key for d in ready}),
            self._ledger.controls(),
        )
        now = Standing(notifications, records, numbers, controls)
        return [still_stands(draft, now) for draft in ready]


def still_stands(draft: Draft, now: Standing) -> bool:
    """Whatever changed is judged anew: what it means is not decided twice."""
    notification, recipient = draft.notification, draft.recipient
    if now.notifications.get(notification.id) != notification.version:
        return False
    if any(now.records.get(id_, 0) != version for id_, version in recipient.versions.items()):
        return False
    if against(now.numbers.get(draft.number_key, NumberRecord()), notification, recipient):
        return False
    return not draft.is_stopped_by(now.controls)
