"""From whom an advert may leave."""

import pytest

from services.notify.notification.policy import Rules, room_for_number
from services.notify.providers.brand import is_brand
from tests.builders import SATURDAY


@pytest.mark.parametrize("sender", ["TUNGNGO", "UBND Q.1", "a", "1022HCM", "So-VHTT"])
def test_name_with_a_letter_is_a_brand_name(sender: str) -> None:
    assert is_brand(sender)


@pytest.mark.parametrize("sender", ["", "8199", "84900000001", "090 000 00", "19-00", "A" * 12])
def test_number_is_no_brand_name_however_it_is_set(sender: str) -> None:
    assert not is_brand(sender)


def test_no_setting_allows_a_fourth_advert_a_day() -> None:
    sent = {f"sms-{n}": SATURDAY for n in range(3)}

    assert room_for_number(sent, SATURDAY, Rules(a_day=9)) is None
    assert room_for_number(sent, SATURDAY, Rules(a_day=9), advertises=True) is not None
