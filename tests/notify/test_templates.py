"""What citizens read."""

from datetime import date

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from services.notify.text import templates
from services.notify.text.segments import Encoding, segment
from services.notify.text.templates import render
from services.notify.visits import VisitKind
from services.platform.wards import all_units, current
from tests.builders import CHO_LON

DAY = date(2025, 11, 7)


def test_text_gives_date_ward_and_1022() -> None:
    text = render(VisitKind.ASSISTED, DAY, CHO_LON, accents=True)

    assert text.template == "visit.assisted.accents.v1"
    assert text.body == (
        "Ngày 07/11/2025, ông/bà đã được hỗ trợ kỹ năng số tại phường Chợ Lớn. "
        "Nếu không đúng, xin gọi 1022."
    )


def test_issued_signature_is_told_without_naming_it() -> None:
    text = render(VisitKind.SIGNATURE_ISSUED, DAY, CHO_LON, accents=True)

    assert "chữ ký" not in text.body
    assert "hỗ trợ kỹ năng số" in text.body


@pytest.mark.parametrize("kind", VisitKind)
def test_plain_text_is_one_segment_in_every_ward(kind: VisitKind) -> None:
    for ward in (*current(), *all_units()):
        cut = segment(render(kind, ward.valid_from, ward.code, accents=False).body)

        assert (cut.encoding, cut.count) == (Encoding.GSM7, 1), ward.name


def test_text_with_accents_takes_two_segments() -> None:
    cut = segment(render(VisitKind.ASSISTED, DAY, CHO_LON, accents=True).body)

    assert (cut.encoding, cut.count) == (Encoding.UCS2, 2)


def test_ward_is_named_as_it_was_on_the_day() -> None:
    before, after = date(2025, 6, 1), date(2025, 8, 1)

    assert "Bến Nghé" in render(VisitKind.ASSISTED, before, "26740", accents=True).body
    assert "Sài Gòn" in render(VisitKind.ASSISTED, after, "26740", accents=True).body


def test_template_that_names_what_it_was_not_given_fails() -> None:
    with pytest.raises(UndefinedError):
        templates._ENVIRONMENT.from_string("{{ name }}").render(day="", ward="")


def test_template_cannot_reach_out_of_its_sandbox() -> None:
    with pytest.raises(SecurityError):
        templates._ENVIRONMENT.from_string("{{ day.__class__.__mro__ }}").render(day="")
