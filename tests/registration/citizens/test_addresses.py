"""One door is one household, however its address is written; two doors are two."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.citizens.addresses import former_form, one_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12/3 Đường Hòa Hảo, P.5", "12/3  đường Hoà Hảo p 5"),
        ("12 Đường Lê Lai", "12 Ðường Lê Lai"),
        ("12 Đường Lê Lai", "12 Ɖường Lê Lai"),
        ("12 Hòa Hảo", "12 Hòa\u200b Hảo"),
        ("12 Hòa Hảo", "12\u00a0Hòa Hảo\ufeff"),
        ("12 Hòa Hảo", unicodedata.normalize("NFD", "12 HÒA HẢO")),
        ("12/3", "12 / 3"),
        ("12/3", "12/ 3"),
        ("12/3", "12\\3"),
        ("12/3", "12⁄3"),
        ("12/3", "12／3"),
        ("12/3/", "12//3"),
        ("12A", "12 A"),
        ("12A", "12-a"),
        ("12/3A", "12/3 a"),
        ("12А Lê Lai", "12A Lê Lai"),
        ("Lô C3", "lô C 3"),
        ("số 12", "12"),
        ("Số: 12 Lê Lai", "12 Lê Lai"),
        ("Nhà số 12A", "12 A"),
        ("số nhà 12", "nhà 12"),
        ("№ 12", "#12"),
        ("１２", "12"),
        ("१२", "12"),
        ("ул. Ленина, 5", "УЛ ЛЕНИНА 5"),
    ],
)
def test_same_door_is_written_in_many_ways(one: str, other: str) -> None:
    assert one_form(one) == one_form(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12/3", "123"),
        ("12/3", "12 3"),
        ("12 A", "12 B"),
        ("1 2A", "12A"),
        ("12/3 Hòa Hảo", "123 Hòa Hảo"),
        ("ул. Ленина 5", "ул. Пушкина 5"),
        ("日本 1", "中国 1"),
        ("กำแพง 3", "กาแพง 3"),
        ("٣ Lê Lai", "٤ Lê Lai"),
        ("hẻm 12", "12"),
        ("khu nhà 3", "khu 3"),
        ("12 ø", "12"),
    ],
)
def test_two_doors_stay_two(one: str, other: str) -> None:
    assert one_form(one) != one_form(other)


@pytest.mark.parametrize("text", [" ,.- ", "/", "?", "\u200b", "🏠", " / / "])
def test_what_holds_no_letter_and_no_figure_is_no_address(text: str) -> None:
    assert one_form(text) == ""


@given(st.text())
def test_form_of_a_form_is_itself(text: str) -> None:
    assert one_form(one_form(text)) == one_form(text)


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("12 Ðường Lê Lai", "12 uong le lai"),
        ("Số 12A", "so 12a"),
        ("12 / 3", "12 / 3"),
        ("Hòa\u200b Hảo", "hoa hao"),
    ],
)
def test_former_form_is_what_was_hashed(text: str, former: str) -> None:
    assert former_form(text) == former


@pytest.mark.parametrize("text", ["ул. Ленина 5", "日本 1", "٣ Lê Lai", "12 ø"])
def test_former_form_that_may_be_of_several_doors_is_not_asked(text: str) -> None:
    assert former_form(text) == ""
