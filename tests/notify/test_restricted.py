"""Whoever asked to be erased or restricted gets no SMS until that was answered."""

from datetime import timedelta

import pytest

from services.events.citizens import CitizenMerged
from services.events.requests import RequestClosed, RequestReceived
from services.notify.notification.states import State
from tests.builders import SATURDAY, an_id, event, void
from tests.notify.harness import assisted, notification_of_day
from tests.notify.test_voids import Town, agreeing, all_orders_reach, sharing, telling

PHONE = "0900000001"
LATER = SATURDAY + timedelta(minutes=5)


def asked(citizen: str, kind: str = "data_erasure") -> RequestReceived:
    return event(RequestReceived, citizen_id=citizen, kind=kind)


def closed(citizen: str, outcome: str, kind: str = "data_erasure") -> RequestClosed:
    return event(RequestClosed, at=LATER, citizen_id=citizen, kind=kind, outcome=outcome)


@pytest.mark.parametrize("kind", ["data_erasure", "data_restriction"])
async def test_no_sms_leaves_from_the_request_on(kind: str) -> None:
    citizen = an_id("citizen")
    told = [asked(citizen, kind), agreeing(citizen), assisted(citizen)]

    await all_orders_reach([*map(telling, told), sharing(citizen, PHONE)], [])


@pytest.mark.parametrize("kind", ["data_access", "data_correction"])
async def test_a_request_that_restricts_nobody_holds_no_sms_back(kind: str) -> None:
    citizen = an_id("citizen")
    told = [asked(citizen, kind), agreeing(citizen), assisted(citizen)]

    await all_orders_reach([*map(telling, told), sharing(citizen, PHONE)], ["+84900000001"])


@pytest.mark.parametrize("outcome", ["refused", "withdrawn"])
async def test_sms_leaves_once_the_request_is_answered_otherwise(outcome: str) -> None:
    citizen = an_id("citizen")
    told = [asked(citizen), closed(citizen, outcome), agreeing(citizen), assisted(citizen)]

    await all_orders_reach([*map(telling, told), sharing(citizen, PHONE)], ["+84900000001"])


async def test_a_restriction_that_was_granted_outlasts_its_request() -> None:
    citizen, kind = an_id("citizen"), "data_restriction"
    told = [asked(citizen, kind), closed(citizen, "done", kind), agreeing(citizen)]
    told_too = [telling(assisted(citizen)), sharing(citizen, PHONE)]

    await all_orders_reach([*map(telling, told), *told_too], [])


async def test_sms_that_waits_says_why_and_leaves_when_the_request_is_withdrawn() -> None:
    town, citizen = Town(), an_id("citizen")
    await town.record(agreeing(citizen), assisted(citizen), asked(citizen))
    await town.share(citizen, PHONE)
    await town.after(hours=1)
    waiting = await notification_of_day(town.ledger, citizen)

    await town.record(closed(citizen, "withdrawn"))
    await town.after(minutes=1)

    assert (waiting.state, waiting.reason) == (State.DEFERRED, "restricted")
    assert town.reached == ["+84900000001"]


async def test_a_request_under_one_record_holds_for_the_person() -> None:
    stays, ends = an_id("citizen"), an_id("citizen")
    merger = event(CitizenMerged, citizen_id=stays, merged_id=ends)
    told = [merger, asked(ends), agreeing(stays), assisted(stays)]

    await all_orders_reach([*map(telling, told), sharing(stays, PHONE)], [])


async def test_sms_leaves_though_erasure_was_asked_for_where_that_was_voided() -> None:
    citizen = an_id("citizen")
    request = asked(citizen)
    told = [request, void(request), agreeing(citizen), assisted(citizen)]

    await all_orders_reach([*map(telling, told), sharing(citizen, PHONE)], ["+84900000001"])


async def test_sms_waits_again_where_the_closing_of_the_request_was_voided() -> None:
    citizen = an_id("citizen")
    closing = closed(citizen, "refused")
    town = Town()

    await town.record(asked(citizen), closing, void(closing), agreeing(citizen), assisted(citizen))
    await town.share(citizen, PHONE)
    await town.after(hours=1)

    assert town.reached == []
