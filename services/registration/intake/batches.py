"""Events of one upload, side by side where they have nothing to do with each other, and with the
outcome that they would have one after the other."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from services.messaging.log.entry import Entry
from services.platform.problems import Problem
from services.registration.intake.draft import Draft
from services.registration.intake.touching import Touch
from services.registration.subjects.problems import NOT_YET_KNOWN

AT_ONCE = 32
"""Of one upload; those in flight share a transaction."""

Append = Callable[[Draft, Entry], Awaitable[None]]
Touches = Mapping[Draft, Touch]


async def in_batches(drafts: Sequence[Draft], touches: Touches, append: Append) -> None:
    """Gives each draft its outcome, in the order given wherever order can decide.

    What takes back something that stands further behind comes right after that; what refers to
    something that is not known is tried again once more has been recorded. Raises what `append`
    raises, after all that was under way has ended.
    """
    in_order = _behind_targets(drafts, touches)
    waiting, early = set(in_order), set[Draft]()
    while waiting:
        wave = _next_wave((d for d in in_order if d in waiting), touches)
        await _together(wave, append)
        waiting -= set(wave)
        unknown = {draft for draft in wave if _refers_to_the_unknown(draft)}
        early |= unknown
        if len(unknown) < len(wave):
            waiting |= early
            for draft in early:
                draft.outcome = None
            early = set()


def _behind_targets(drafts: Sequence[Draft], touches: Touches) -> list[Draft]:
    """Where each takes the other back, they stay as they are."""
    ahead = {draft.id for draft in drafts}
    behind = defaultdict[str, list[Draft]](list)
    found: list[Draft] = []
    for draft in drafts:
        target = touches[draft].target
        if target in ahead and target != draft.id:
            behind[target].append(draft)
            continue
        stack = [draft]
        while stack:
            found.append(placed := stack.pop())
            ahead.discard(placed.id)
            stack += reversed(behind.pop(placed.id, []))
    return [*found, *(draft for left in behind.values() for draft in left)]


def _next_wave(waiting: Iterable[Draft], touches: Touches) -> list[Draft]:
    """The first, and all that may go with it past those that have to wait."""
    wave, changed, read = list[Draft](), set[str](), set[str]()
    for draft in waiting:
        touch = touches[draft]
        if touch.alone:
            return wave or [draft]
        if not touch.meets(changed, read):
            wave.append(draft)
        changed |= touch.changes
        read |= touch.reads
    return wave


async def _together(wave: Iterable[Draft], append: Append) -> None:
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
