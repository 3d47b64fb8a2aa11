"""A day of the campaign, sent over SMPP to citizens who answer, and what the reports say of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from demo import parameters as p
from demo.sms.journal import Journal
from demo.sms.network import Habits, phones, told_to_notify
from tests.demo.test_play import a_wish, line, played
from tests.stack import Stack, stack

SEED = 1
TALKATIVE = Habits(
    answers={
        "visit": {
            "confirmed": 0.25,
            "disputed_not_helped": 0.1,
            "disputed_wrong_number": 0.1,
            "opted_out": 0.15,
            "feedback": 0.15,
        },
        "follow_up": {"still_using": 0.4, "stopped_using": 0.3},
    },
    receipts={"DELIVRD": 70, "UNDELIV": 10, "EXPIRED": 10, "": 10},
)
"""Of a hundred SMS each comes often enough to be seen."""


@pytest.fixture
def journal(real_processes: None, tmp_path: Path) -> Path:
    return tmp_path / "phones.jsonl"


@pytest.fixture
def services(mongo_url: str, vhost_url: str, database_name: str, journal: Path) -> Iterator[Stack]:
    """Notify sends to the phones alone."""
    told = {f"{name}_DEMO": "true" for name in ("REGISTRATION", "REPORTING", "NOTIFY")}
    with phones(SEED, journal, TALKATIVE) as port:
        told |= told_to_notify(port)
        told |= {"NOTIFY_POLL_S": "0.1", "NOTIFY_ACCENTED": '["smpp"]'}
        with stack(mongo_url, vhost_url, database_name, **told) as made:
            made.start()
            yield made


async def test_every_sms_of_a_day_has_an_outcome_and_the_report_says_what_the_phones_saw(
    services: Stack, journal: Path, tmp_path: Path
) -> None:
    wish = replace(a_wish(services, tmp_path, seed=SEED, journal=journal), scale=0.2)

    equal, told = await played(wish)

    assert equal, told
    seen = Journal(journal)
    seen.look()
    many = len(seen.sms)
    assert many > 80
    assert line(told, "SMS that the network took") == (many, many)
    assert line(told, "Segments")[1] > many
    assert line(told, "Without an outcome") == (0, 0)
    assert line(told, "SMS after TC") == line(told, "Two SMS for one reason") == (0, 0)
    assert set(seen.answered.values()) == {kind for kinds in p.ANSWERS.values() for kind in kinds}
    assert {sms.state for sms in seen.sms.values()} == set(p.RECEIPTS)
