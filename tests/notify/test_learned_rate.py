"""What a provider that says "too fast" teaches."""

from services.notify.routing.learned_rate import FORGOTTEN_AFTER_S, SLOWEST_PER_S, LearnedRate


def taught(taken: int) -> LearnedRate:
    """It took so many within a second, and then refused one."""
    pace = LearnedRate()
    for n in range(taken):
        pace.took(n / taken)
    pace.busy(1.0 - 1 / taken)
    return pace


def test_provider_that_was_never_busy_is_not_held_back() -> None:
    pace = LearnedRate()
    pace.took(0.0)

    assert pace.interval_s(0.0) == 0


def test_busy_provider_is_given_a_little_less_than_it_took() -> None:
    assert taught(50).interval_s(1.0) == 1 / 45


def test_provider_that_takes_what_it_is_given_is_slowly_given_more() -> None:
    pace = taught(50)
    for n in range(45):
        pace.took(1.0 + n / 45)

    assert 1 / 60 < pace.interval_s(2.0) < 1 / 45


def test_pace_falls_by_half_at_most_and_never_to_nothing() -> None:
    pace = taught(50)

    pace.busy(10.0)
    once = pace.interval_s(10.0)
    for n in range(20):
        pace.busy(11.0 + n)

    assert once == 2 / 45
    assert pace.interval_s(31.0) == 1 / SLOWEST_PER_S


def test_provider_that_was_not_busy_for_long_is_not_held_back_any_more() -> None:
    pace = taught(50)

    assert pace.interval_s(2.0 + FORGOTTEN_AFTER_S) == 0
