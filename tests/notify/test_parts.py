"""Several processes share what is due: each SMS is one process's, and nobody is left out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.ledger.parts import WHOLE, Part, read_part
from services.notify.notification.notification import notification_id

REASONS = st.text(min_size=1)
NUMBERS = st.integers(1, 99)


@given(REASONS, NUMBERS)
def test_each_notification_is_of_one_part(reason: str, of: int) -> None:
    id_ = notification_id(reason)

    owners = [n for n in range(1, of + 1) if Part(n, of).has(id_)]

    assert len(owners) == 1


@given(NUMBERS)
def test_parts_lie_side_by_side(of: int) -> None:
    parts = [Part(number, of) for number in range(1, of + 1)]

    assert (parts[0].first, parts[-1].end) == (WHOLE.first, WHOLE.end)
    assert all(one.end == following.first for one, following in pairwise(parts))


@pytest.mark.parametrize("of", [2, 3, 7])
def test_parts_are_about_equal(of: int) -> None:
    ids = [notification_id(f"reason-{n}") for n in range(3_000)]

    shares = [sum(map(Part(number, of).has, ids)) for number in range(1, of + 1)]

    assert min(shares) > 3_000 / of * 0.8


def test_part_is_read_as_an_operator_writes_it() -> None:
    assert read_part("2/3") == Part(2, 3)


@pytest.mark.parametrize("line", ["", "1", "0/2", "3/2", "1/0", "1/2 ", "a/b", "-1/2", "1/100"])
def test_what_is_no_part_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="a part is like 2/3"):
        read_part(line)
