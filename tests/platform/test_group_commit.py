"""Callers that share a write: who hears what, and what is written when."""

import asyncio
from collections.abc import Sequence

import pytest

from services.platform.group_commit import GroupCommit
from services.platform.unavailable import Unavailable
from tests.eventually import eventually


class Gate:
    """A write that waits until it is let through, and answers each item with its double."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.error: BaseException | None = None

    async def write(self, items: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(items))
        await self.open.wait()
        if self.error:
            raise self.error
        return [ValueError(n) if n < 0 else n * 2 for n in items]


@pytest.fixture
def gate() -> Gate:
    return Gate()


async def _begun(*tasks: asyncio.Task[int]) -> None:
    """Lets each task come to its wait."""
    for _ in range(5 + len(tasks)):
        await asyncio.sleep(0)


async def test_next_group_fills_while_one_is_written(gate: Gate) -> None:
    commit = GroupCommit(gate.write)
    tasks = [asyncio.create_task(commit.add(1))]
    await _begun(*tasks)

    tasks += [asyncio.create_task(commit.add(n)) for n in (2, 3, 4)]
    await _begun(*tasks)
    gate.open.set()

    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert gate.groups == [[1], [2, 3, 4]]


async def test_who_waited_for_the_write_before_lingers_no_more(gate: Gate) -> None:
    commit = GroupCommit(gate.write, linger_s=0.05)
    first = asyncio.create_task(commit.add(1))
    await eventually(lambda: gate.groups == [[1]])
    second = asyncio.create_task(commit.add(2))
    await _begun(second)
    over = asyncio.get_running_loop().time() + 0.06
    await eventually(lambda: asyncio.get_running_loop().time() > over)

    gate.open.set()
    await _begun(first, second)

    assert gate.groups == [[1], [2]]
    assert [await first, await second] == [2, 4]


async def test_batch_stays_together_and_in_order(gate: Gate) -> None:
    commit = GroupCommit(gate.write, max_group=4)
    gate.open.set()

    answers = await asyncio.gather(*(commit.add_all(batch) for batch in ([1, 2, 3], [4, 5], [6])))

    assert answers == [[2, 4, 6], [8, 10], [12]]
    assert gate.groups == [[1, 2, 3], [4, 5, 6]]


async def test_empty_batch_writes_nothing(gate: Gate) -> None:
    assert await GroupCommit(gate.write).add_all([]) == []
    assert gate.groups == []


async def test_batch_beyond_the_group_size_is_a_group_by_itself(gate: Gate) -> None:
    gate.open.set()

    assert await GroupCommit(gate.write, max_group=2).add_all([1, 2, 3]) == [2, 4, 6]


async def test_cancelled_caller_drops_only_its_own_wait(gate: Gate) -> None:
    commit = GroupCommit(gate.write)
    gone, stays = asyncio.create_task(commit.add(1)), asyncio.create_task(commit.add(2))
    await _begun(gone, stays)

    gone.cancel()
    gate.open.set()

    assert await stays == 4
    assert gone.cancelled()
    assert gate.groups == [[1, 2]]


async def test_item_of_a_cancelled_caller_is_written_all_the_same(gate: Gate) -> None:
    commit = GroupCommit(gate.write)
    first = asyncio.create_task(commit.add(1))
    await _begun(first)
    gone = asyncio.create_task(commit.add(2))
    await _begun(gone)

    gone.cancel()
    gate.open.set()
    await commit.close()

    assert gate.groups == [[1], [2]]


async def test_refused_item_fails_alone(gate: Gate) -> None:
    commit = GroupCommit(gate.write)
    gate.open.set()

    answers = await asyncio.gather(*(commit.add(n) for n in (1, -2, 3)), return_exceptions=True)

    assert [answers[0], answers[2]] == [2, 6]
    assert isinstance(answers[1], ValueError)


async def test_failed_write_is_unavailable_for_all_and_the_next_goes_on(gate: Gate) -> None:
    commit = GroupCommit(gate.write)
    gate.error = ConnectionError("gone")
    gate.open.set()

    answers = await asyncio.gather(commit.add(1), commit.add(2), return_exceptions=True)
    gate.error = None

    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    assert await commit.add(3) == 6


async def test_write_that_forgets_an_answer_is_unavailable() -> None:
    async def forgetful(items: Sequence[int]) -> list[int | Exception]:
        return []

    with pytest.raises(Unavailable):
        await GroupCommit(forgetful).add(1)


async def test_what_waits_is_bounded(gate: Gate) -> None:
    commit = GroupCommit(gate.write, max_waiting=2)
    tasks = [asyncio.create_task(commit.add(1))]
    await _begun(*tasks)
    tasks += [asyncio.create_task(commit.add(n)) for n in (2, 3)]
    await _begun(*tasks)

    with pytest.raises(Unavailable):
        await commit.add(4)

    gate.open.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6]
    assert commit.waiting == 0


async def test_cancelled_writer_answers_everyone_and_the_next_caller_starts_another(
    gate: Gate,
) -> None:
    commit = GroupCommit(gate.write)
    gate.error = asyncio.CancelledError()
    tasks = [asyncio.create_task(commit.add(1))]
    await _begun(*tasks)
    tasks.append(asyncio.create_task(commit.add(2)))
    await _begun(*tasks)

    gate.open.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    gate.error = None

    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    assert await commit.add(3) == 6


class Fussy:
    """A write that may be repeated, and fails for a group that holds a negative number."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    async def write(self, items: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(items))
        if any(n < 0 for n in items):
            raise ValueError(items)
        return [n * 2 for n in items]


async def test_repeatable_write_that_fails_is_done_again_caller_by_caller() -> None:
    fussy = Fussy()
    commit = GroupCommit(fussy.write, repeatable=True)

    answers = await asyncio.gather(
        commit.add_all([1, 2]), commit.add_all([3, -4]), commit.add(5), return_exceptions=True
    )

    assert [answers[0], answers[2]] == [[2, 4], 10]
    assert isinstance(answers[1], ValueError)
    assert fussy.groups == [[1, 2, 3, -4, 5], [1, 2], [3, -4], [5]]


async def test_repeatable_write_without_a_database_is_not_done_again(gate: Gate) -> None:
    commit = GroupCommit(gate.write, repeatable=True)
    gate.error = Unavailable("gone")
    gate.open.set()

    answers = await asyncio.gather(commit.add(1), commit.add(2), return_exceptions=True)

    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    assert gate.groups == [[1, 2]]
