"""What holds of citizens is a function of what was said and voided, in whatever order it came."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.events.citizens import CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.notify.contacts.contacts import CitizenStatement, Contacts, merger_of, words_of
from services.notify.contacts.records import STATEMENTS_PER_MATTER, StatementVoid
from services.notify.contacts.store import MongoContacts
from services.platform.mongo import connect
from tests.builders import SATURDAY, an_event_id, an_id, event
from tests.examples import examples
from tests.notify.harness import (
    merging,
    of_contact,
    recipient_of_visits,
    sealed_contact,
    share_contact,
    shared,
    taking,
)
from tests.twins.contacts import ContactsTwin

Opened = Callable[[], Any]

CITIZENS = ("citizen-a", "citizen-b", "citizen-c")
PHONES = [f"09{n:08d}" for n in range(1, 6)]
LATER = SATURDAY + timedelta(hours=1)
SLOW_IS_FINE = settings(suppress_health_check=list(HealthCheck))


class Told(NamedTuple):
    """A statement, with what a plain model needs to know of it."""

    said: tuple[CitizenStatement, ...]
    event_id: str
    at: int
    voided: bool


class Model:
    """Sorts all that was said, each time anew."""

    def __init__(self, told: Sequence[Told]) -> None:
        self._last: dict[tuple[str, str], CitizenStatement] = {}
        matters = defaultdict[tuple[str, str], list[tuple[int, str, bool, CitizenStatement]]](list)
        for one in told:
            for said in one.said:
                place = said.citizen_id, said.statement.about
                matters[place].append((one.at, one.event_id, one.voided, said))
        for place, words in matters.items():
            newest = sorted(words, key=lambda word: word[:2], reverse=True)[:STATEMENTS_PER_MATTER]
            standing = [said for *_, voided, said in newest if not voided]
            if standing:
                self._last[place] = standing[0]

    def consent(self, citizen: str) -> bool | None:
        found = self._last.get((citizen, "consent/visit"))
        return found.statement.given if found else None

    def contact(self, citizen: str) -> bytes | None:
        found = self._last.get((citizen, "contact"))
        return found.statement.body if found else None

    def merged_into(self, citizen: str) -> str | None:
        found = self._last.get((citizen, "merged"))
        return found.statement.into if found else None


@st.composite
def tellings(draw: st.DrawFn) -> list[Told]:
    told = []
    for _ in range(draw(st.integers(1, 12))):
        at = draw(st.integers(0, 5))
        citizen = draw(st.sampled_from(CITIZENS))
        one, said = draw(st.sampled_from((_word, _contact, _merger)))(draw, citizen, at)
        told.append(Told(tuple(said), one, at, draw(st.booleans())))
    return told


def _word(draw: st.DrawFn, citizen: str, at: int) -> tuple[str, list[CitizenStatement]]:
    when, visits = SATURDAY + timedelta(hours=at), ["visit"]
    given = event(ConsentGiven, at=when, citizen_id=citizen, purposes=visits)
    withdrawn = event(ConsentWithdrawn, at=when, citizen_id=citizen, purposes=visits)
    word = given if draw(st.booleans()) else withdrawn
    return word.id, words_of(word)


def _contact(draw: st.DrawFn, citizen: str, at: int) -> tuple[str, list[CitizenStatement]]:
    id_ = an_event_id()
    body = sealed_contact(citizen, draw(st.sampled_from(PHONES)), id_)
    return id_, [shared(citizen, id_, body, SATURDAY + timedelta(hours=at))]


def _merger(draw: st.DrawFn, citizen: str, at: int) -> tuple[str, list[CitizenStatement]]:
    into = draw(st.sampled_from([one for one in CITIZENS if one != citizen]))
    found = merging(citizen, into, SATURDAY + timedelta(hours=at))
    return found.statement.event_id, [found]


@asynccontextmanager
async def _twin() -> AsyncIterator[Contacts]:
    yield ContactsTwin()


@asynccontextmanager
async def _mongo(url: str, database: str) -> AsyncIterator[Contacts]:
    client = connect(url)
    try:
        await client[database].drop_collection("citizens")
        await client[database].drop_collection("voids_of_statements")
        yield MongoContacts(client[database])
    finally:
        client.close()


@pytest.fixture(params=["mongo", "twin"])
def opened(request: pytest.FixtureRequest) -> Opened:
    """An empty store, each time it is asked."""
    if request.param == "twin":
        return _twin
    url, name = map(request.getfixturevalue, ("mongo_url", "database_name"))
    return partial(_mongo, url, name)


async def _tell(contacts: Contacts, told: Sequence[Told], chance: Random) -> None:
    """All statements and voids, some twice, in any order, some at once."""
    tellings: list[Callable[[], Any]] = []
    for one in told:
        again = 1 + (chance.random() < 0.3)
        tellings += again * [partial(contacts.record, one.said)]
        if one.voided:
            taking = StatementVoid(one.event_id, "any.type.v1", one.said[0].citizen_id)
            tellings += again * [partial(contacts.void, [taking])]
    chance.shuffle(tellings)
    while tellings:
        some, tellings = tellings[: (n := chance.randint(1, 3))], tellings[n:]
        await asyncio.gather(*(tell() for tell in some))


@given(told=tellings(), chance=st.randoms(use_true_random=False))
@settings(SLOW_IS_FINE, max_examples=examples(60))
def test_what_holds_is_what_a_plain_model_says(
    opened: Opened, told: list[Told], chance: Random
) -> None:
    async def play() -> None:
        async with opened() as contacts:
            await _tell(contacts, told, chance)
            model = Model(told)
            for citizen in CITIZENS:
                persons = await contacts.persons([citizen])
                [record] = [r for r in persons[citizen] if r.citizen_id == citizen]
                consent = (record.consents or {}).get("visit")
                assert (consent.given if consent else None) == model.consent(citizen)
                assert record.contact == model.contact(citizen)
                assert record.merged_into == model.merged_into(citizen)

    asyncio.run(play())


@pytest.fixture
async def contacts(opened: Opened) -> AsyncIterator[Contacts]:
    async with opened() as store:
        yield store


async def test_number_typed_by_mistake_gives_way_to_the_one_before(contacts: Contacts) -> None:
    citizen = an_id("citizen")
    await share_contact(contacts, citizen, "0900000001")
    mistaken = await share_contact(contacts, citizen, "0900000002", at=LATER)

    concerned = await contacts.void([of_contact(mistaken)])

    assert (await recipient_of_visits(contacts, citizen)).phone == "+84900000001"
    assert concerned == {citizen}


async def test_statement_and_void_heard_at_once_leave_nothing_that_holds(
    contacts: Contacts,
) -> None:
    words = [event(ConsentGiven, citizen_id=an_id("citizen")) for _ in range(60)]

    await asyncio.gather(
        *(contacts.record(words_of(word)) for word in words),
        *(contacts.void([taking(word)]) for word in words),
    )

    for word in words:
        assert (await recipient_of_visits(contacts, word.subject)).consent is None


async def test_void_of_the_only_contact_leaves_none(contacts: Contacts) -> None:
    citizen = an_id("citizen")
    mistaken = await share_contact(contacts, citizen)

    for _ in range(2):
        assert await contacts.void([of_contact(mistaken)]) == {citizen}

    assert (await recipient_of_visits(contacts, citizen)).contact_problem == "no_contact"


async def test_voided_merger_concerns_both_records(contacts: Contacts) -> None:
    stays, ends = an_id("citizen"), an_id("citizen")
    merger = event(CitizenMerged, citizen_id=stays, merged_id=ends)
    await contacts.record([merger_of(merger)])

    assert await contacts.void([taking(merger)]) == {stays, ends}

    assert (await recipient_of_visits(contacts, ends)).citizen_ids == {ends}
    assert (await recipient_of_visits(contacts, stays)).citizen_ids == {stays}


async def test_records_parted_by_a_void_are_merged_by_a_later_merger(contacts: Contacts) -> None:
    stays, ends = an_id("citizen"), an_id("citizen")
    mistaken = event(CitizenMerged, citizen_id=stays, merged_id=ends)
    await contacts.record([merger_of(mistaken)])
    await contacts.void([taking(mistaken)])

    await contacts.record([merging(ends, stays, LATER)])
    await contacts.record([merger_of(mistaken)])

    assert (await recipient_of_visits(contacts, stays)).citizen_ids == {stays, ends}


@pytest.mark.parametrize("void_first", [True, False])
async def test_what_was_erased_does_not_come_back_with_a_void(
    contacts: Contacts, *, void_first: bool
) -> None:
    citizen = an_id("citizen")
    await share_contact(contacts, citizen)
    mistaken = await share_contact(contacts, citizen, at=LATER)

    if void_first:
        await contacts.void([of_contact(mistaken)])
    await contacts.erase([citizen])
    await contacts.void([of_contact(mistaken)])
    await share_contact(contacts, citizen)

    assert (await recipient_of_visits(contacts, citizen)).phone is None
