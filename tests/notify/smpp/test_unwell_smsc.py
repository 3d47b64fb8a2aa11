"""Whatever an SMSC does to what is in flight: each notification has an outcome, by itself."""

from collections.abc import Callable

import pytest

from services.notify.notification.states import State
from tests.eventually import SILENCE_S, eventually
from tests.notify.smpp.conftest import StartSmsc
from tests.notify.smpp.harness import once_each, station
from tests.notify.smpp.smsc.process import Smsc

IN_FLIGHT = 10


def nothing_more(_: Smsc) -> None:
    """Its behaviour says it all."""


def says_goodbye(smsc: Smsc) -> None:
    smsc.tell("unbind")


def stops_reading(smsc: Smsc) -> None:
    smsc.pause()


@pytest.mark.parametrize(
    ("behaviour", "then", "reasons"),
    [
        pytest.param({"submits": "ignore"}, nothing_more, {"no_answer"}, id="silent"),
        pytest.param(
            {"submits": "hold", "drop_at": IN_FLIGHT},
            nothing_more,
            {"connection_lost"},
            id="drops the connection",
        ),
        pytest.param(
            {"submits": "ignore", "enquiries": "ignore"},
            nothing_more,
            {"connection_lost", "no_answer"},
            id="answers no enquiry",
        ),
        pytest.param(
            {"submits": "ignore"},
            stops_reading,
            {"connection_lost", "no_answer"},
            id="hangs",
        ),
        pytest.param(
            {"submits": "hold"}, says_goodbye, {"connection_lost", "no_answer"}, id="unbinds"
        ),
    ],
)
async def test_what_was_in_flight_has_an_outcome_without_new_traffic(
    mongo_url: str,
    database_name: str,
    start_smsc: StartSmsc,
    behaviour: dict[str, object],
    then: Callable[[Smsc], None],
    reasons: set[str],
) -> None:
    smsc = start_smsc(**behaviour)
    async with station(
        mongo_url, database_name, smsc, window=IN_FLIGHT, response_s=SILENCE_S, enquire_s=0.3
    ) as notify:
        await notify.visits(IN_FLIGHT)
        await eventually(lambda: len(smsc.saw("submit_sm")) == IN_FLIGHT)

        then(smsc)
        await eventually(lambda: notify.all_in(State.UNKNOWN))

        told = await notify.notifications()
        announced = await notify.announced()
    assert {one.reason for one in told} <= reasons
    assert announced == ["notification.unconfirmed.v1"] * IN_FLIGHT
    assert once_each(smsc)


async def test_what_had_not_left_when_the_smsc_said_goodbye_goes_by_the_next_session(
    mongo_url: str, database_name: str, start_smsc: StartSmsc
) -> None:
    smsc = start_smsc(submits="hold")
    async with station(mongo_url, database_name, smsc, window=5) as notify:
        await notify.visits(IN_FLIGHT)
        await eventually(lambda: len(smsc.saw("submit_sm")) == 5)

        smsc.tell("unbind")
        await eventually(lambda: smsc.saw("unbind_resp"))
        smsc.tell("behave", submits="answer")
        smsc.tell("release")

        await eventually(lambda: notify.all_in(State.ACCEPTED))
    assert len(smsc.saw("answered")) == IN_FLIGHT
    assert once_each(smsc)


async def test_an_smsc_of_fifty_a_second_takes_all_of_them_once(
    mongo_url: str, database_name: str, start_smsc: StartSmsc
) -> None:
    smsc = start_smsc(per_s=50)
    async with station(mongo_url, database_name, smsc) as notify:
        await notify.visits(150)

        await eventually(lambda: notify.all_in(State.ACCEPTED))

        told = await notify.notifications()
    assert len(told) == len(smsc.saw("answered")) == 150
    assert once_each(smsc, "answered")
    assert len(smsc.saw("refused")) < 100
