"""Vietnamese order."""

import unicodedata

import pytest

from services.platform.vietnam.vietnamese import sort_key
from services.platform.vietnam.wards import current


@pytest.mark.parametrize(
    "in_order",
    [
        ("Bà Rịa", "Bàn Cờ"),
        ("An Đông", "Bà Điểm", "Ba Đình", "Bến Thành", "Đa Kao", "Tân Định"),
        ("ma", "mà", "mả", "mã", "má", "mạ", "mă", "mâ"),
        ("Dĩ An", "Đông Hòa"),
        ("Khu phố 2", "Khu phố 10", "Khu phố Một"),
        ("", "a"),
    ],
)
def test_names_stand_in_the_dictionarys_order(in_order: tuple[str, ...]) -> None:
    assert tuple(sorted(set(in_order), key=sort_key)) == in_order


def test_composed_and_decomposed_text_stand_in_one_place() -> None:
    for ward in current():
        assert sort_key(unicodedata.normalize("NFD", ward.name)) == sort_key(ward.name)


def test_odd_text_has_a_place_too() -> None:
    assert sort_key("²\u0301\n€") != sort_key("")
