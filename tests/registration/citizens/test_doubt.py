"""What says that something is not known is nobody's."""

import pytest

from services.registration.citizens.doubt import is_no_national_id, is_no_phone, says_nothing


@pytest.mark.parametrize(
    "text",
    [
        "không có", "Khong co", "KHÔNG RÕ", "ko", "ko có", "k có", "chưa có", "không có số nhà",
        "chưa rõ địa chỉ", "không cung cấp", "-", "?", "...", "n/a", "N.A.", "none", "000", "xxx",
        "không\u200b có", "vô danh",
    ],
)  # fmt: skip
def test_words_for_nothing_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["Chùa", "Không Tên", "K12", "12 Lê Lai", "Khóm 3", "ấp Chùa", "Khánh Hội", "0 1"]
)
def test_places_that_begin_alike_are_places(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "000000000000", "111111111111", "999 999 999 999", "123456789012", "012345678901",
        "987654321098", "121212121212", "123123123123", "123456123456", "không có", "quên", "-",
        "٠٠٠٠٠٠٠٠٠٠٠٠", "0",
    ],
)  # fmt: skip
def test_figures_that_fill_a_field_are_nobodys_national_id(text: str) -> None:
    assert is_no_national_id(text)


@pytest.mark.parametrize("text", ["000000000001", "079090123456", "000123456789", "079"])
def test_any_other_figures_may_be_somebodys(text: str) -> None:
    assert not is_no_national_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "0000000000", "0999999999", "+84 999 999 999", "0123456789", "0987654321", "9876543210",
        "không có", "hỏi con gái", "chưa", "-", "",
    ],
)  # fmt: skip
def test_figures_that_fill_a_field_are_nobodys_phone(text: str) -> None:
    assert is_no_phone(text)


@pytest.mark.parametrize("text", ["0900000001", "0909090909", "0900OOO001", "123", "0912912912"])
def test_a_phone_in_groups_or_a_mistake_is_no_filler(text: str) -> None:
    assert not is_no_phone(text)
