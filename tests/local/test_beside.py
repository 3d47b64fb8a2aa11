"""Loops that take the machine's time from the tests end with the run beside them."""

import pytest

from deploy.local.beside import busy


def test_busy_loops_run_beside_the_tests_and_end_with_them(real_processes: None) -> None:
    with busy(2) as loops:
        assert [loop.running() for loop in loops] == [True, True]

    assert [loop.running() for loop in loops] == [False, False]


def test_busy_loops_end_with_a_run_that_fails(real_processes: None) -> None:
    with pytest.raises(KeyboardInterrupt), busy(1) as loops:
        raise KeyboardInterrupt

    assert not loops[0].running()
