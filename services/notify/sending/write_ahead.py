"""The last word before a byte leaves: claim, quota, budget and attempt, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.events.envelope import CITY_TIME
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import (
    ANSWERED_WITHIN,
    CLAIMS,
    NOTIFICATIONS,
    NUMBERS,
    SPENT,
    Claim,
    Spent,
    spent_key,
)
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import Attempt, Notification
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import Reason
from services.notify.notification.policy import (
    Defer,
    Rules,
    Suppress,
    Verdict,
    against,
    is_nearly_spent,
    room_for_number,
    room_for_source,
    room_in_ward,
)
from services.notify.notification.transitions import defer, lose, submit, suppress
from services.notify.sending.drafts import Draft
from services.notify.sending.source_quota import counted, key_of

REPEATED_WITHIN = timedelta(hours=23)
"""A provider that recognises repetitions does so for a day."""


@dataclass(frozen=True, slots=True)
class WriteAheadTerms:
    """Under which an attempt is written down."""

    rules: Rules
    now: datetime
    lease_until: datetime


@dataclass(slots=True)
class _WorkingSet:
    """What the transaction read, as the drafts before this one left it."""

    claims: dict[str, Claim]
    holders: dict[str, Notification]
    """Of the claims, by id."""
    numbers: dict[str, NumberRecord]
    spent: dict[str, Spent]
    nearly_spent: list[str] = field(default_factory=list)
    elsewhere: frozenset[str] = frozenset()
    """Holders without a draft here."""
    outdone: set[str] = field(default_factory=set)
    """Those of them whose reasons others took over: nobody may send them at the same time."""


class WrittenAhead(NamedTuple):
    """What may be submitted now, and the wards that somebody should look at."""

    ready: list[Draft]
    nearly_spent: list[str]
    """Their budgets of today passed four fifths just now."""


async def write_ahead(
    tx: Transaction, drafts: Sequence[Draft], terms: WriteAheadTerms
) -> WrittenAhead:
    """A draft whose notification changed since it was read is left alone."""
    known = await tx.unchanged([d.notification for d in drafts])
    current = [d for d in drafts if _unchanged(d, known)]
    books = await _read(tx, current, terms)
    after = {d.notification.id: _write(d, books, terms) for d in current}
    await save(tx, known, after, terms.now)
    submitted = [d for d in current if after[d.notification.id].lease_until]
    await _put(tx, submitted, books, terms)
    if submitted:
        await tx.lease([d.notification.id for d in submitted], terms.lease_until)
    ready = [d._replace(notification=after[d.notification.id]) for d in submitted]
    return WrittenAhead(ready, books.nearly_spent)


def _unchanged(draft: Draft, known: Mapping[str, Notification]) -> bool:
    found = known.get(draft.notification.id)
    return found is not None and found.version == draft.notification.version


def _write(draft: Draft, books: _WorkingSet, terms: WriteAheadTerms) -> Notification:
    verdict = _last_word(draft, books, terms)
    notification = draft.notification
    if _cannot_be_settled(notification, verdict, terms):
        return lose(notification, notification.reason or "no_answer", terms.now)
    match verdict:
        case Suppress(reason):
            return suppress(notification, reason, terms.now)
        case Defer(until, reason):
            until = min(until, notification.expires_at)
            return defer(notification, until, reason, terms.now)
    submitted = submit(notification, _attempt(draft, terms), terms.lease_until)
    _enter(draft, submitted, books, terms)
    return submitted


def _cannot_be_settled(
    notification: Notification, verdict: Verdict, terms: WriteAheadTerms
) -> bool:
    """It may have arrived, and nobody will find out by showing it again."""
    open_ = notification.unsettled
    if open_ is None:
        return False
    return isinstance(verdict, Suppress) or terms.now > open_.at + REPEATED_WITHIN


def _last_word(draft: Draft, books: _WorkingSet, terms: WriteAheadTerms) -> Verdict:
    """The policy's verdict, unless another SMS used up the reason, the number or the budget."""
    if isinstance(draft.verdict, Suppress | Defer):
        return draft.verdict
    if _is_used_up(draft, books):
        return Suppress("same_visit")
    number = books.numbers.get(draft.number_key, NumberRecord())
    if reason := against(number, draft.notification, draft.recipient):
        return Suppress(reason)
    return (_full(draft, number, books, terms) if draft.is_counted else None) or draft.verdict


def _full(
    draft: Draft, number: NumberRecord, books: _WorkingSet, terms: WriteAheadTerms
) -> Defer | None:
    """None where the number's day and the ward's budget have room."""
    others = {id_: at for id_, at in number.sent.items() if id_ != draft.notification.id}
    advertises = draft.notification.about.advertises
    if until := room_for_number(others, terms.now, terms.rules, advertises=advertises):
        return Defer(until, "daily_limit")
    return _over_budget(draft, number, books, terms)


def _over_budget(
    draft: Draft, number: NumberRecord, books: _WorkingSet, terms: WriteAheadTerms
) -> Defer | None:
    if until := _room_in_ward(draft, books, terms):
        return Defer(until, "ward_budget")
    key = counted(draft, number, terms.rules, terms.now)
    if key and (until := room_for_source(_spent(key, books), terms.now, terms.rules)):
        return Defer(until, "source_budget")
    return None


def _is_used_up(draft: Draft, books: _WorkingSet) -> bool:
    """Another SMS told this person, or went to this number for the same campaign.

    One that surely never left uses up nothing, nor does one told to somebody whom a merger took for
    the same person, once that is voided.
    """
    others = _holders(draft, books)
    if not others or draft.notification.about.advertises:
        return bool(others)
    same = {Reason.read(key).citizen_id for key in draft.claims}
    told = (books.holders[id_] for id_ in others)
    return any(_told(holder) & same for holder in told if not holder.never_left)


def _holders(draft: Draft, books: _WorkingSet) -> set[str]:
    """Ids of the others that hold one of its reasons."""
    held_by = {books.claims[key].notification_id for key in draft.claims & books.claims.keys()}
    return held_by - {draft.notification.id}


def _told(notification: Notification) -> set[str]:
    return {notification.citizen_id, notification.recipient_id}


def _room_in_ward(draft: Draft, books: _WorkingSet, terms: WriteAheadTerms) -> datetime | None:
    if not _budgeted(terms):
        return None
    spent = _spent(_budget_key(draft, terms), books)
    return room_in_ward(spent, _to_count(draft, terms), terms.now, terms.rules)


def _spent(key: str, books: _WorkingSet) -> int:
    return books.spent.get(key, Spent()).segments


def _enter(
    draft: Draft, submitted: Notification, books: _WorkingSet, terms: WriteAheadTerms
) -> None:
    id_ = submitted.id
    if not submitted.about.advertises:
        books.outdone |= _holders(draft, books) & books.elsewhere
    books.claims |= {key: Claim(key, id_) for key in draft.claims}
    books.holders[id_] = submitted
    if not draft.is_counted:
        return
    number = books.numbers.get(draft.number_key, NumberRecord())
    if key := counted(draft, number, terms.rules, terms.now):
        books.spent[key] = Spent(_spent(key, books) + 1)
    sent = _since(terms.now - timedelta(days=1), number.sent) | {id_: terms.now}
    asked = _since(terms.now - ANSWERED_WITHIN, number.asked)
    if draft.asks:
        asked |= {id_: terms.now}
    books.numbers[draft.number_key] = replace(number, sent=sent, asked=asked)
    if _budgeted(terms):
        _spend(draft, books, terms)


def _spend(draft: Draft, books: _WorkingSet, terms: WriteAheadTerms) -> None:
    key = _budget_key(draft, terms)
    before = books.spent.get(key, Spent())
    after = replace(before, segments=before.segments + _to_count(draft, terms))
    books.spent[key] = after
    known = is_nearly_spent(before.segments, terms.rules)
    if not known and is_nearly_spent(after.segments, terms.rules):
        books.nearly_spent.append(draft.budget_key)


def _to_count(draft: Draft, terms: WriteAheadTerms) -> int:
    """An SMS counts once a day on its ward's budget, however often it is tried."""
    today = terms.now.astimezone(CITY_TIME).date()
    counted = (a.at for a in draft.notification.attempts if not a.refused)
    tried = any(at.astimezone(CITY_TIME).date() == today for at in counted)
    return 0 if tried else draft.segments


def _since(oldest: datetime, times: Mapping[str, datetime]) -> dict[str, datetime]:
    return {id_: at for id_, at in times.items() if at > oldest}


def _attempt(draft: Draft, terms: WriteAheadTerms) -> Attempt:
    return Attempt(
        number=len(draft.notification.attempts) + 1,
        provider=draft.provider,
        channel=draft.channel,
        request_id=draft.sms.request_id,
        at=terms.now,
        template=draft.sms.template,
        segments=draft.segments,
        event_id=draft.notification.main_occasion.event_id,
        contact=draft.recipient.contact,
        asks=draft.asks,
    )


async def _read(tx: Transaction, drafts: Sequence[Draft], terms: WriteAheadTerms) -> _WorkingSet:
    sending = [d for d in drafts if not isinstance(d.verdict, Suppress | Defer)]
    claims = await tx.get(CLAIMS, {key for d in sending for key in d.claims})
    own = {d.notification.id: d.notification for d in sending}
    held_by = {claim.notification_id for claim in claims.values()}
    others = await tx.get(NOTIFICATIONS, held_by - own.keys())
    return _WorkingSet(
        claims=claims,
        holders=own | others,
        elsewhere=frozenset(others),
        numbers=await tx.get(NUMBERS, {d.number_key for d in sending}),
        spent=await tx.get(SPENT, {key for d in sending for key in _budget_keys(d, terms)}),
    )


async def _put(
    tx: Transaction, drafts: Sequence[Draft], books: _WorkingSet, terms: WriteAheadTerms
) -> None:
    counting = [d for d in drafts if d.is_counted]
    await tx.put(CLAIMS, {key: books.claims[key] for d in drafts for key in d.claims})
    await tx.put(NUMBERS, {d.number_key: books.numbers[d.number_key] for d in counting})
    outdone = {id_: books.holders[id_] for id_ in books.outdone}
    touched = {id_: replace(n, version=n.version + 1) for id_, n in outdone.items()}
    await tx.put(NOTIFICATIONS, touched)
    keys = {key for d in counting for key in _budget_keys(d, terms)} & books.spent.keys()
    if keys:
        await tx.put(SPENT, {key: books.spent[key] for key in keys})


def _budgeted(terms: WriteAheadTerms) -> bool:
    """A document that a whole ward writes is kept only where somebody set a limit."""
    return terms.rules.ward_segments_a_day is not None


def _budget_keys(draft: Draft, terms: WriteAheadTerms) -> Iterator[str]:
    if _budgeted(terms):
        yield _budget_key(draft, terms)
    if key := key_of(draft, terms.rules, terms.now):
        yield key


def _budget_key(draft: Draft, terms: WriteAheadTerms) -> str:
    return spent_key(draft.budget_key, terms.now)
