"""Telephone numbers as hands and providers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.platform.vietnam.phone_numbers import is_mobile, mobile, read_phone
from tests.builders import a_phone

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WIDE = str.maketrans("0123456789+", "０１２３４５６７８９＋")


@pytest.mark.parametrize("written", ["0{}", "84{}", "+84{}", "0084{}", "{}", "+84 {}", "(0) {}"])
def test_number_is_the_same_however_it_is_written(written: str) -> None:
    digits = a_phone()[1:]

    assert mobile(written.format(digits)) == f"+84{digits}"


@pytest.mark.parametrize("written", ["0{}", "84{}", "+84{}", "{}"])
def test_operators_prefix_that_looks_like_the_countrys_is_none(written: str) -> None:
    """084 is a mobile prefix of Vietnam's plan."""
    digits = f"84{a_phone()[3:]}"

    assert mobile(written.format(digits)) == f"+84{digits}"


@pytest.mark.parametrize(
    "written",
    [
        "090 000 0001",
        "090.000.0001",
        "090-000-0001",
        "090\u2011000\u20130001",
        "090\u00a0000\u20090001",
        "090\u00b7000\u00b70001",
        "\u200b0900000001\u202c",
        "\t0900000001\n",
        "(090) 0000001",
        "+84 (0) 900 000 001",
        "0900000001".translate(ARABIC),
        "+84900000001".translate(WIDE),
        "০৯০০০০০০০১",
    ],
)
def test_harmless_separators_and_digits_of_other_scripts_change_nothing(written: str) -> None:
    assert mobile(written) == "+84900000001"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("0900OOO001", id="letters O, the keys of six"),
        pytest.param("O900000001", id="a letter O before"),
        pytest.param("090000000l", id="a letter l for a one"),
        pytest.param("0901234 Lan", id="a name in place of the rest"),
        pytest.param("0900000001 Lan", id="a name behind"),
        pytest.param("SĐT 0900000001", id="a word before"),
        pytest.param("tel:0900000001", id="a link"),
        pytest.param("0900000001 ext 5", id="an extension"),
        pytest.param("0900000001x5", id="an extension's sign"),
        pytest.param("0900000001#5", id="a key behind"),
        pytest.param("0900000001;0900000002", id="two numbers"),
        pytest.param("0900000001/2", id="two endings"),
        pytest.param("0900000001 0900000002", id="two numbers with a space"),
        pytest.param("0900000001²", id="a raised digit"),
        pytest.param("090000000①", id="a digit in a circle"),
        pytest.param("090000000½", id="a half"),
        pytest.param("09000+00001", id="a plus inside"),
        pytest.param("О900000001", id="a Cyrillic O"),
        pytest.param("*0900000001", id="a star before"),
        pytest.param("0900000,001", id="a comma inside"),
    ],
)
def test_nobody_guesses_a_number_out_of_anything_else(written: str) -> None:
    assert read_phone(written) is None


@pytest.mark.parametrize("written", ["", "VIETTEL", "8098", "1900", "+6591234567", "02838291234"])
def test_what_is_no_mobile_of_ours_has_no_number(written: str) -> None:
    assert mobile(written) is None


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
    assert mobile(written) is None
    assert not is_mobile(written)
    assert not is_mobile(f"+84{written[1:]}")


def test_number_of_another_country_is_one_without_sms() -> None:
    assert read_phone("+1 650 253 0000") == ("+16502530000", False)


@given(st.text(max_size=30))
def test_whatever_is_read_is_read_again_as_itself(text: str) -> None:
    number = read_phone(text)

    assert number is None or read_phone(number.e164) == number


@given(st.integers(0, 9), st.sampled_from("abcOolIxX#*;,/Ộßж"))
def test_a_letter_or_a_key_anywhere_makes_it_no_number(at: int, letter: str) -> None:
    digits = "0900000001"

    assert read_phone(digits[:at] + letter + digits[at:]) is None
    assert read_phone(digits[:at] + letter + digits[at + 1 :]) is None
