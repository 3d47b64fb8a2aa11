"""Telephone numbers as providers write them."""

import pytest

from services.notify.numbers import e164
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
