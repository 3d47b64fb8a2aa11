"""What looks the same is the same text; what is unknown stays."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.platform.vietnam.texts import (
    compatible,
    composed,
    decomposed,
    digits,
    fold,
    unmarked,
    visible,
)


def test_search_finds_a_name_without_its_accents() -> None:
    assert fold("Đặc khu  CÔN ĐẢO") == "dac khu con dao"
    assert fold("Hòa Hưng") == fold("Hoà Hưng") == "hoa hung"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("Đường", id="as keyboards write it"),
        pytest.param("Ðường", id="with the Icelandic letter"),
        pytest.param("Ɖường", id="with the African letter"),
        pytest.param("ðường", id="with the small Icelandic letter"),
        pytest.param("ĐƯỜNG", id="in capitals"),
        pytest.param(unicodedata.normalize("NFD", "Đường"), id="with its marks apart"),
        pytest.param("Đươ\u0300ng".replace("ươ", "u\u031bo\u031b"), id="in another order"),
        pytest.param("Đ\u200bườ\u00adng", id="with what nobody sees"),
        pytest.param("\ufeffĐường\u200e", id="from a file and a table"),
        pytest.param("Ｄường", id="with a wide letter"),
        pytest.param("Đườ\ufe0fng", id="with a variant asked for"),
        pytest.param("Đườ\u034fng", id="with a joiner of marks"),
        pytest.param("Đường\u3164", id="with a filler"),
        pytest.param("₫ường", id="with the sign of the currency"),
    ],
)
def test_what_looks_the_same_is_the_same(written: str) -> None:
    assert fold(written) == "duong"


@pytest.mark.parametrize("written", ["12 А Lê Lai", "12 A Lê Lаi", "12 Α Lê Lai"])
def test_cyrillic_or_greek_letter_in_a_latin_text_is_what_it_looks_like(written: str) -> None:
    assert fold(written) == "12 a le lai"


@pytest.mark.parametrize(
    ("one", "other"),
    [("й", "и"), ("กำ", "กา"), ("日", "本"), ("ø", "o"), ("ł", "l"), ("か", "が"), ("é日", "è本")],
)
def test_unknown_letters_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other) != ""


@pytest.mark.parametrize("blank", ["\u00a0", "\u2009", "\u3000", "\t", "\n", "\u2028", "  "])
def test_every_blank_is_one_space(blank: str) -> None:
    assert fold(f"{blank}hòa{blank}hảo{blank}") == "hoa hao"


def test_digits_of_every_script_are_digits() -> None:
    assert digits("٣ और ३ ៣ 3") == "3 और 3 3 3"
    assert fold("１２") == fold("१२") == "12"


def test_text_of_marks_alone_is_empty() -> None:
    assert fold("\u0301") == ""


def test_unmarked_text_keeps_its_case_and_has_no_letter_beyond_ascii() -> None:
    assert unmarked("Đường Ðống Đa, 50.000₫") == "Duong Dong Da, 50.000d"


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_how_a_text_is_composed_changes_nothing(text: str) -> None:
    assert fold(composed(text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(), st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad\u200f\x00"))
def test_what_nobody_sees_changes_nothing(text: str, unseen: str) -> None:
    assert fold(unseen.join(text)) == fold(text)
    assert unseen not in visible(unseen + text)


@pytest.mark.parametrize("form", [composed, decomposed, compatible])
def test_no_run_of_marks_is_too_long_to_be_sorted(form: Callable[[str], str]) -> None:
    in_order = form("a" + "\u0323\u0301" * 5_000)

    runs = re.findall("[\u0300-\u034e]+", in_order)
    assert 0 < max(map(len, runs)) <= 31
