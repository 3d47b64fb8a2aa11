"""What citizens read."""

import unicodedata
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from services.events.envelope import CITY_TIME
from services.notify.notification.notification import Notification, first
from services.notify.notification.occasions import About, Occasion, OccasionKind, Reason
from services.notify.notification.transitions import join
from services.notify.text import templates
from services.notify.text.segments import Encoding, segment
from services.notify.text.templates import Style, advert, fitted, render
from services.platform.vietnam.wards import all_units, current
from tests.builders import CHO_LON, HOA_HUNG

DAY = date(2025, 11, 7)


ACCENTS = Style(accents=True)
ASKING = Style(reply_number="1800", ward_phones={CHO_LON: "028 0000 0000"})


def told(
    kind: OccasionKind = OccasionKind.ASSISTED,
    about: About = About.VISIT,
    *,
    day: date = DAY,
    ward: str = CHO_LON,
    detail: str = "",
) -> Notification:
    at = datetime.combine(day, time(8, 30), CITY_TIME)
    until = at + timedelta(days=3)
    occasion = Occasion("e-1", "c-1", kind, ward, at, at, until, about, detail)
    reason = str(Reason("c-1", day, about))
    return join(first(reason, occasion), [occasion], timedelta(0))


def corrected(ward: str | None) -> Notification:
    """Told of Chợ Lớn, which was wrong; it was in `ward`, or did not happen at all."""
    [wrong] = told().occasions
    right = replace(wrong, event_id="e-2", ward=ward) if ward else None
    occasions = (replace(wrong, voided=True), *([right] if right else []))
    return replace(
        told(about=About.CORRECTION), about=About.CORRECTION, corrects="e-1", occasions=occasions
    )


EVERY_TEXT = [
    told(),
    told(OccasionKind.SIGNATURE_ISSUED),
    told(about=About.FOLLOW_UP),
    told(OccasionKind.APPOINTMENT, About.REMINDER),
    told(OccasionKind.DISPUTE_RESOLVED, About.OUTCOME, detail="confirmed"),
    told(OccasionKind.DISPUTE_RESOLVED, About.OUTCOME, detail="voided"),
    corrected(None),
    corrected(HOA_HUNG),
]


@pytest.mark.parametrize("style", [Style(), ACCENTS])
@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("“a” «b» „c‟", '"a" "b" "c"'),
        ("‘a’ b´c`", "'a' b'c'"),
        ("a – b — c ‑ d • e", "a - b - c - d - e"),
        ("a… 5×6", "a... 5x6"),
        ("a\u00a0b\u2009c\u3000d\te", "a b c d e"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
    ],
)
def test_what_a_word_processor_wrote_is_what_was_typed(
    style: Style, written: str, typed: str
) -> None:
    assert fitted(written, style) == typed
    assert segment(fitted(written, style)).encoding is Encoding.GSM7


def test_text_gives_date_ward_and_1022() -> None:
    text = render(told(), ACCENTS)

    assert text.template == "visit.assisted.accents.v2"
    assert text.body == (
        "Ngày 07/11/2025, ông/bà đã được hỗ trợ kỹ năng số tại phường Chợ Lớn. "
        "Nếu không đúng, xin gọi 1022."
    )


def test_ward_with_a_telephone_is_named_with_it() -> None:
    assert "goi 028 0000 0000, 1022." in render(told(), replace(ASKING, reply_number="")).body


def test_prefix_of_a_shared_number_is_told() -> None:
    shared = replace(ASKING, reply_prefix="TN")

    assert "Nhan toi 1800 bat dau bang TN (mien phi): 1 dung" in render(told(), shared).body
    assert advert("Ngày hội.", shared).endswith("Từ chối: nhắn TN TC tới 1800")
    assert not render(told(), Style(reply_prefix="TN")).asks


def test_text_asks_only_where_there_is_a_number_to_answer_to() -> None:
    silent, asking = render(told(), Style()), render(told(), ASKING)

    assert not silent.asks
    assert "1 dung" not in silent.body
    assert asking.asks
    assert asking.body.endswith("1 dung, 2 sai, 3 nham so, TC tu choi.")
    assert "1800 (mien phi)" in asking.body


@pytest.mark.parametrize("notification", EVERY_TEXT, ids=lambda n: f"{n.about}")
def test_text_names_no_service_no_name_and_no_link(notification: Notification) -> None:
    body = render(notification, replace(ASKING, accents=True)).body

    assert "1022" in body
    assert "chữ ký" not in body
    assert "http" not in body
    assert "{" not in body


@pytest.mark.parametrize("notification", EVERY_TEXT, ids=lambda n: f"{n.about}")
def test_plain_text_is_one_segment_in_every_ward(notification: Notification) -> None:
    style = Style(reply_number="1800")
    for ward in (*current(), *all_units()):
        there = tuple(replace(o, ward=ward.code) for o in notification.occasions)
        cut = segment(render(replace(notification, occasions=there), style).body)

        assert (cut.encoding, cut.count) == (Encoding.GSM7, 1), ward.name


def test_text_with_accents_takes_two_segments() -> None:
    cut = segment(render(told(), ACCENTS).body)

    assert (cut.encoding, cut.count) == (Encoding.UCS2, 2)


def test_composed_and_decomposed_texts_are_one() -> None:
    accents = "Ngày hội số"

    assert fitted(unicodedata.normalize("NFD", accents), ACCENTS) == accents
    assert fitted(unicodedata.normalize("NFD", accents), Style()) == "Ngay hoi so"


def test_ward_is_named_as_it_was_on_the_day() -> None:
    before, after = date(2025, 6, 1), date(2025, 8, 1)

    assert "Bến Nghé" in render(told(day=before, ward="26740"), ACCENTS).body
    assert "Sài Gòn" in render(told(day=after, ward="26740"), ACCENTS).body


def test_correction_tells_what_is_right_where_something_is() -> None:
    assert "tai phuong Hoa Hung" in render(corrected(HOA_HUNG), Style()).body
    assert "tai phuong Cho Lon la nham" in render(corrected(None), Style()).body


def test_reminder_gives_the_hour() -> None:
    text = render(told(OccasionKind.APPOINTMENT, About.REMINDER), Style()).body

    assert text.startswith("Nhac hen: 08:30 ngay 07/11/2025")


def test_advert_is_marked_first_and_says_last_how_to_refuse() -> None:
    invitation = told(OccasionKind.INVITED, About.INVITATION, detail="festival")

    body = render(invitation, ASKING, {"festival": "Mời dự ngày hội số."}).body

    assert body == "[QC] Moi du ngay hoi so. Tu choi: nhan TC toi 1800"


def test_template_that_names_what_it_was_not_given_fails() -> None:
    with pytest.raises(UndefinedError):
        templates._ENVIRONMENT.from_string("{{ name }}").render(day="", ward="")


def test_template_cannot_reach_out_of_its_sandbox() -> None:
    with pytest.raises(SecurityError):
        templates._ENVIRONMENT.from_string("{{ day.__class__.__mro__ }}").render(day="")
