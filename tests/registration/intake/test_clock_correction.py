"""A phone's clock may be wrong; the server's decides."""

from datetime import timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.platform.problems import Problem
from services.registration.intake.clock_correction import EARLIEST, corrected, upload_offset
from tests.builders import SATURDAY, event

AN_HOUR = timedelta(hours=1)
NOUGHT = timedelta()


def test_clock_within_a_minute_is_right() -> None:
    assert upload_offset(SATURDAY - timedelta(seconds=60), SATURDAY) == NOUGHT


def test_phone_an_hour_ahead_is_moved_back_and_its_own_time_is_kept() -> None:
    ahead = event(CitizenAssisted, at=SATURDAY + AN_HOUR)

    time, device_time = corrected(
        ahead, upload_offset(SATURDAY + AN_HOUR, SATURDAY), SATURDAY, EARLIEST
    )

    assert (time, device_time) == (SATURDAY, SATURDAY + AN_HOUR)


def test_offset_kept_with_the_event_beats_that_of_the_upload() -> None:
    kept = event(CitizenAssisted, at=SATURDAY, envelope={"clockoffset": -60.5})

    time, _ = corrected(kept, AN_HOUR, SATURDAY, EARLIEST)

    assert time == SATURDAY - timedelta(seconds=60.5)


@pytest.mark.parametrize("behind_s", [90, 3_600, -3_600, 86_400 * 365, -86_400])
def test_offset_with_the_wrong_sign_is_refused(behind_s: int) -> None:
    behind = timedelta(seconds=behind_s)
    shown = SATURDAY - behind - AN_HOUR
    told = event(CitizenAssisted, at=shown, envelope={"clockoffset": -behind_s + 5})

    with pytest.raises(Problem, match="clock_offset_reversed"):
        corrected(told, behind, SATURDAY, EARLIEST)


@pytest.mark.parametrize(
    ("offset_s", "upload_s"), [(3_600, 0), (3_600, 3_601), (7_200, 3_600), (-61, 3_600), (-10, 65)]
)
def test_clock_that_was_set_in_between_is_no_contradiction(offset_s: int, upload_s: int) -> None:
    at = SATURDAY - timedelta(hours=5)
    told = event(CitizenAssisted, at=at, envelope={"clockoffset": offset_s})

    time, _ = corrected(told, timedelta(seconds=upload_s), SATURDAY, EARLIEST)

    assert time == at + timedelta(seconds=offset_s)


def test_right_clock_leaves_no_second_time() -> None:
    assert corrected(event(CitizenAssisted), NOUGHT, SATURDAY, EARLIEST) == (SATURDAY, None)


@pytest.mark.parametrize(("ahead_s", "code"), [(600, None), (601, "time_ahead")])
def test_ten_minutes_ahead_are_the_limit(ahead_s: int, code: str | None) -> None:
    early = event(CitizenAssisted, at=SATURDAY + timedelta(seconds=ahead_s))

    try:
        corrected(early, NOUGHT, SATURDAY, EARLIEST)
        found = None
    except Problem as problem:
        found = problem.kind.code

    assert found == code


@pytest.mark.parametrize("ahead_s", [1, 59, 600])
def test_clock_a_little_ahead_makes_no_event_later_than_its_recording(ahead_s: int) -> None:
    at = SATURDAY + timedelta(seconds=ahead_s)

    time, device_time = corrected(event(CitizenAssisted, at=at), NOUGHT, SATURDAY, EARLIEST)

    assert (time, device_time) == (SATURDAY, at)


def test_offset_beyond_all_time_is_answered() -> None:
    odd = event(CitizenAssisted, at=EARLIEST, envelope={"clockoffset": -4e8})

    with pytest.raises(Problem):
        corrected(odd, NOUGHT, SATURDAY, EARLIEST)
