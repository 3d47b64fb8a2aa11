"""Telephone numbers as providers write them."""

import pytest

from services.notify.numbers import e164, is_mobile
from tests.builders import a_phone


@pytest.mark.parametrize("written", ["0{}", "84{}", "+84{}", "{}", "+84 {}", "(0) {}"])
def test_number_is_the_same_however_it_is_written(written: str) -> None:
    digits = a_phone()[1:]

    assert e164(written.format(digits)) == f"+84{digits}"


@pytest.mark.parametrize("written", ["0{}", "84{}", "+84{}", "{}"])
def test_operators_prefix_that_looks_like_the_countrys_is_none(written: str) -> None:
    """084 is a mobile prefix of Vietnam's plan."""
    digits = f"84{a_phone()[3:]}"

    assert e164(written.format(digits)) == f"+84{digits}"


@pytest.mark.parametrize("written", ["", "VIETTEL", "8098", "1900", "+6591234567", "02838291234"])
def test_what_is_no_mobile_of_ours_has_no_number(written: str) -> None:
    assert e164(written) is None


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("01200000001", id="of eleven digits, as before 2018"),
        pytest.param("02800000001", id="a landline"),
        pytest.param("0900OOO001", id="with the letter O"),
        pytest.param("0900000001O", id="with a letter behind"),
        pytest.param("090000001", id="too short"),
        pytest.param("09000000001", id="too long"),
    ],
)
def test_what_no_sms_reaches_is_refused(written: str) -> None:
    assert e164(written) is None
    assert not is_mobile(written)
    assert not is_mobile(f"+84{written[1:]}")
