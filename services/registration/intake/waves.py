"""Decided events of one upload, side by side where they are about different things."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from services.events.corrections import EventVoided
from services.messaging.entry import Entry
from services.platform.problems import Problem
from services.registration.intake.draft import Draft
from services.registration.intake.subject import NOT_YET_KNOWN

AT_ONCE = 32
"""Of one upload; those in flight share a transaction."""

Append = Callable[[Draft, Entry], Awaitable[None]]


async def in_waves(drafts: Sequence[Draft], append: Append) -> None:
    """Gives each draft its outcome: those of one subject in order, the others together.

    What refers to something of the same upload is tried again once more has been recorded, and
    what replaces something of it comes after that. Voids come last, one by one, for their subject
    is their target's. Raises what `append` raises, after all that was under way has ended.
    """
    waiting = [d for d in drafts if d.entry and not _is_void(d)]
    while waiting:
        wave = _first_of_each_subject(_unblocked(waiting))
        rest = [draft for draft in waiting if draft not in wave]
        await _together(wave, append)
        early = [draft for draft in wave if _refers_to_the_unknown(draft)]
        if len(early) == len(wave):
            early = []  # nothing new is known: they stay refused
        for draft in early:
            draft.outcome = None
        waiting = [*early, *rest]
    for draft in drafts:
        if draft.entry and _is_void(draft):
            await append(draft, draft.entry)


def _unblocked(waiting: Sequence[Draft]) -> Sequence[Draft]:
    """Those whose predecessor does not wait itself; all where each waits for another."""
    ids = {draft.id for draft in waiting}
    return [d for d in waiting if d.entry and d.entry.event.replaces not in ids] or waiting


def _first_of_each_subject(drafts: Sequence[Draft]) -> list[Draft]:
    first: dict[str, Draft] = {}
    for draft in drafts:
        first.setdefault(draft.entry.event.subject if draft.entry else "", draft)
    return list(first.values())


async def _together(wave: Sequence[Draft], append: Append) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(draft: Draft) -> None:
        async with turn:
            if draft.entry:
                await append(draft, draft.entry)

    ended = await asyncio.gather(*(one(draft) for draft in wave), return_exceptions=True)
    for failure in ended:
        if failure is not None:
            raise failure


def _refers_to_the_unknown(draft: Draft) -> bool:
    return isinstance(draft.outcome, Problem) and draft.outcome.kind is NOT_YET_KNOWN


def _is_void(draft: Draft) -> bool:
    return draft.entry is not None and isinstance(draft.entry.event, EventVoided)
