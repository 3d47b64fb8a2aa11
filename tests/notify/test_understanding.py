"""What citizens' SMS are taken to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.callbacks.understanding import understood
from services.notify.notification.notification import Answer
from services.platform.vietnam.texts import fold
from tests.notify.ways_to_answer import HELD_BACK, SURE, ways

PREFIX = "TN"
PIECES = "1 2 3 TC DK đúng sai nhầm số từ chối hủy không dừng còn ạ dạ cảm ơn ? < 🙏 lịch"


@pytest.mark.parametrize(("text", "answer"), ways(SURE))
def test_answers_are_understood_or_left_to_a_person(text: str, answer: Answer) -> None:
    assert understood(text, PREFIX) is answer


@pytest.mark.parametrize(("text", "answer"), ways(HELD_BACK))
def test_what_was_not_foreseen_is_understood_or_left_to_a_person(text: str, answer: Answer) -> None:
    assert understood(text, PREFIX) in {answer, Answer.OTHER}


def test_nearly_all_that_was_not_foreseen_is_understood() -> None:
    found = [understood(text, PREFIX) is answer for text, answer in ways(HELD_BACK)]

    assert sum(found) >= 0.95 * len(found)


@given(st.text())
def test_any_text_is_understood_somehow(text: str) -> None:
    assert understood(text) in Answer


@given(st.lists(st.sampled_from(PIECES.split()), max_size=6))
def test_what_holds_a_doubt_or_a_denial_confirms_nothing(words: list[str]) -> None:
    doubtful = {"?", "<", "không", "sai", "dừng", "lịch", "hủy", "2", "3"} & {*words}

    if doubtful:
        assert understood(" ".join(words)) is not Answer.RIGHT


@given(st.text(max_size=40))
def test_a_first_word_tc_refuses_whatever_follows(rest: str) -> None:
    asks = any(word in fold(rest) for word in ("gi", "sao", "nao"))

    assert asks or understood(f"TC! {rest}") is Answer.STOP


def test_prefix_is_no_answer_and_another_word_is_no_prefix() -> None:
    assert understood("TN", PREFIX) is Answer.OTHER
    assert understood("TX 1", PREFIX) is Answer.OTHER
    assert understood("TN 1") is Answer.OTHER
