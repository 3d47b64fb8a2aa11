"""The other side of the campaign's SMS: how what it wrote down is read, and how time passes."""

from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest

from demo import parameters as p
from demo.campaign import Campaign
from demo.sms.afterwards import ASKED_AGAIN, LONG_AFTER, MORNING, days_in_parts
from demo.sms.comparison import reported
from demo.sms.figures import by_place, place_name, place_of
from demo.sms.journal import DELIVERED, SILENT, Journal
from services.events.envelope import CITY_TIME
from services.platform.vietnam.wards import current

NUMBER = "84950000001"
DAY = date(2025, 10, 11)


def a_line(id_: str, **fields: object) -> bytes:
    sms = {
        "saw": "sms",
        "id": id_,
        "number": NUMBER,
        "text": f"Ngay {DAY}, ong/ba da duoc ho tro tai phuong Cho Lon. Hoi: 1022.",
        "parts": 1,
        "state": DELIVERED,
        "receipts": 1,
        "means": "",
    }
    return orjson.dumps(sms | fields) + b"\n"


def seen(what: str, id_: str) -> bytes:
    return orjson.dumps({"saw": what, "id": id_}) + b"\n"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    file = tmp_path / "phones.jsonl"
    file.touch()
    return Journal(file)


def write(journal: Journal, *lines: bytes) -> None:
    with journal.file.open("ab") as file:
        file.writelines(lines)
    journal.look()


def test_line_that_is_not_complete_yet_is_read_later(journal: Journal) -> None:
    line = a_line("A")
    write(journal, line[:20])
    before = len(journal.sms)

    write(journal, line[20:])

    assert (before, list(journal.sms)) == (0, ["A"])


def test_receipts_and_answers_on_their_way_are_waited_for(journal: Journal) -> None:
    write(journal, a_line("A", receipts=2, means="confirmed"), seen("receipt", "A"))
    before = journal.waiting

    write(journal, seen("receipt", "A"), seen("answer", "A"))

    assert (before, journal.waiting) == (2, 0)


def test_sms_after_an_acknowledged_refusal_is_noticed(journal: Journal) -> None:
    write(journal, a_line("A", means="opted_out"), a_line("B", text="another"))
    before = list(journal.after_refusal)

    write(journal, seen("answer", "A"), a_line("C", text="a third"))

    assert before == []
    assert [sms.id for sms in journal.after_refusal] == ["C"]


def test_same_text_to_the_same_number_is_noticed(journal: Journal) -> None:
    write(journal, a_line("A"), a_line("B"), a_line("C", number="84950000002"))

    assert [sms.id for sms in journal.repeated] == ["B"]


def test_phones_count_by_the_place_that_the_text_names(journal: Journal) -> None:
    write(journal, a_line("A", means="confirmed", parts=2), a_line("B", state=SILENT))
    write(journal, seen("answer", "A"))

    [(place, figures)] = by_place(journal).items()

    assert place == place_name("Phường Chợ Lớn")
    assert figures == {
        "sms_delivered": 1,
        "sms_unconfirmed": 1,
        "segments": 3,
        "cost_vnd": 3 * p.SEGMENT_VND,
        "confirmed": 1,
        "answered": 1,
    }


def test_old_ward_and_new_one_of_the_same_name_are_one_place() -> None:
    def row(**figures: int) -> dict[str, object]:
        return {"group": {"ward": {"name": "Phường Bến Thành"}}, "figures": figures}

    rows = [row(segments=41, sms_suppressed=2), row(segments=0, sms_suppressed=7)]
    found = reported({"rows": rows, "total": row(segments=41), "figures": []})

    assert found.places[place_name("Phường Bến Thành")] == {"segments": 41, "sms_suppressed": 9}


def test_every_ward_is_found_in_its_own_text() -> None:
    for ward in current():
        assert place_of(f"... tại {ward.name}. Hỏi: 1022.") == place_name(ward.name)


def test_a_day_in_parts_is_the_same_day_and_quiet_mornings_follow_it() -> None:
    campaign = Campaign(seed=3, scale=0.01, days=1)

    played = list(days_in_parts(campaign))

    days = [day for day, _ in played]
    assert days == sorted(days)
    assert {DAY + ASKED_AGAIN, DAY + LONG_AFTER} <= set(days)
    told = [u for _, parts in played for part in parts for u in part]
    assert [u.at for u in told] == sorted(u.at for u in told)
    quiet = [u for u in told if u.at.astimezone(CITY_TIME).date() - DAY > timedelta(days=10)]
    assert {u.at.astimezone(CITY_TIME).time() for u in quiet} == {MORNING}
    expected = {s.record.id for _, uploads in campaign.uploads() for u in uploads for s in u.sent}
    got = {s.record.id for u in told for s in u.sent}
    assert expected < got
    assert len(got - expected) == 3
