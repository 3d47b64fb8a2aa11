"""How members are kept in documents."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.stores.cell_documents import MemberDays, counted

MEMBERS = st.integers(0, 3)


@given(st.lists(st.lists(st.tuples(MEMBERS, st.integers(-31, 31)), max_size=6), max_size=6))
def test_days_of_members_add_up_however_they_are_stored_in_between(
    batches: list[list[tuple[int, int]]],
) -> None:
    kept: dict[str, bytes] = {}
    days = Counter[int]()

    for batch in batches:
        line = MemberDays(kept)
        for member, amount in batch:
            if abs(days[member] + amount) < 32:
                days[member] += amount
                line.add(member, amount)
        kept = line.stored()

    standing = {member: amount for member, amount in days.items() if amount}
    assert dict(MemberDays(kept).amounts()) == standing
    assert set(counted(kept)) == standing.keys()
