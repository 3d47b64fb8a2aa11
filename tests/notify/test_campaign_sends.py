"""One suite for both stores: whom a campaign reaches, how fast, and what stops it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pytest

from services.events.citizens import ConsentGiven, ConsentWithdrawn
from services.messaging.log.store import MongoEventLog
from services.notify.campaigns.audience import stretch
from services.notify.campaigns.campaign import Campaign, Stage
from services.notify.campaigns.feeder import Feeder
from services.notify.campaigns.feeding import feed, finish
from services.notify.campaigns.previews import Offer
from services.notify.campaigns.service import CampaignRequest, CampaignService, Move
from services.notify.campaigns.store import Campaigns, MongoCampaigns
from services.notify.contacts.contacts import Contacts, words_of
from services.notify.contacts.number_keys import number_key
from services.notify.contacts.store import MongoContacts
from services.notify.ledger.controls import CONTROLS, Control, ControlKind
from services.notify.ledger.ledger import Ledger, Query, Transaction
from services.notify.ledger.records import NUMBERS
from services.notify.ledger.store import MongoLedger
from services.notify.notification.notification import Notification
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import About
from services.notify.notification.policy import Rules
from services.notify.notification.states import State
from services.notify.routing.routes import Route, Routes, RouteTerms
from services.notify.sending.drafts import Installation
from services.notify.sending.settings import SendingSettings
from services.notify.text.templates import Style
from services.notify.wiring import Parts, Stores, wire
from services.platform.mongo import connect
from tests.builders import CHO_LON, CITY, HOA_HUNG, SATURDAY, a_phone, an_id, event
from tests.notify.harness import WRAP_KEY, TurnedClock, merging, notify_settings, share_contact
from tests.twins.campaigns import CampaignsTwin
from tests.twins.contacts import ContactsTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.ledger import LedgerTwin
from tests.twins.provider import ProviderTwin

MAKER, SECOND = "/user/maker", "/user/second"
TEXT = "Mời ông/bà đến ngày hội số 18/10/2025."
PACE = 60
WHOLE, SPLIT = "26734", "26737"
"""Two wards of before July 2025: one went into one of today's, the other into two."""
TERMS = RouteTerms(style=Style(reply_number="0000"))


@dataclass
class Town:
    """Notify with citizens to invite."""

    ledger: Ledger
    contacts: Contacts
    campaigns: Campaigns
    clock: TurnedClock
    rules: Rules

    def __post_init__(self) -> None:
        self.provider = ProviderTwin()
        self.service = CampaignService(
            self.ledger,
            self.contacts,
            self.campaigns,
            self.installation,
            [Offer("http", TERMS)],
            self.clock,
        )

    def wired(self) -> Parts:
        return wire(
            notify_settings(),
            Stores(self.ledger, self.contacts, self.campaigns),
            lambda _: Routes([Route(self.provider, TERMS)]),
            clock=self.clock,
            machine_clock=self.clock,
            installation=self.installation,
            sending=SendingSettings(),
        )

    @property
    def installation(self) -> Installation:
        return Installation(self.rules, (WRAP_KEY,))

    @property
    def feeder(self) -> Feeder:
        """A process that feeds; another one stands for the one after a crash."""
        return self.wired().feeder

    async def under_way(self, *wards: str, pace: int = PACE) -> Campaign:
        until = self.clock() + timedelta(days=2)
        made = await self.service.make(CampaignRequest("Ngày hội", TEXT, wards, until, pace), MAKER)
        await self.service.move(made.id, Move.APPROVE, SECOND)
        return await self.service.move(made.id, Move.START, MAKER)

    async def agreeing(self, phone: str | None = None, ward: str = CHO_LON) -> str:
        citizen = an_id("citizen")
        await share_contact(self.contacts, citizen, phone)
        await say(self.contacts, citizen, ward=ward)
        return citizen

    async def number(self, phone: str, numbered: NumberRecord) -> None:
        async def know(tx: Transaction) -> None:
            key = number_key(f"+84{phone.removeprefix('0')}", (WRAP_KEY,))
            await tx.put(NUMBERS, {key: numbered})

        await self.ledger.transact(know)

    async def invited(self, campaign: Campaign) -> list[Notification]:
        found = await self.ledger.search(Query(limit=200))
        return [n for n in found if n.main_occasion.detail == campaign.id]

    async def after(self, **by: float) -> None:
        """Time goes on; what has become due is fed and sent."""
        self.clock.forward(**by)
        await self.feeder.round()
        dispatch = self.wired().dispatch
        while await dispatch.round():
            pass


async def say(
    contacts: Contacts, citizen: str, at: datetime = SATURDAY, ward: str = CHO_LON
) -> None:
    given = event(
        ConsentGiven, at=at, ward=ward, citizen_id=citizen, purposes=["visit", "invitation"]
    )
    await contacts.record(words_of(given))


async def withdraw(contacts: Contacts, citizen: str) -> None:
    later = SATURDAY + timedelta(minutes=1)
    taken = event(ConsentWithdrawn, at=later, citizen_id=citizen, purposes=["invitation"])
    await contacts.record(words_of(taken))


@pytest.fixture(params=["mongo", "twin"])
async def town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    clock = TurnedClock()
    if request.param == "twin":
        twin = LedgerTwin(EventLogTwin())
        yield Town(twin, ContactsTwin(), CampaignsTwin(twin), clock, Rules())
        return
    client = connect(request.getfixturevalue("mongo_url"))
    database = client[request.getfixturevalue("database_name")]
    log = MongoEventLog(database, partitions=4)
    await log.ensure_indexes()
    ledger, campaigns = MongoLedger(client, database, log), MongoCampaigns(database)
    await ledger.ensure_indexes()
    await campaigns.ensure_indexes()
    yield Town(ledger, MongoContacts(database), campaigns, clock, Rules())
    await log.close()
    client.close()


async def test_those_who_agreed_are_invited_once_and_the_campaign_ends(town: Town) -> None:
    citizens = {await town.agreeing() for _ in range(3)}
    await share_contact(town.contacts, an_id("citizen"))
    campaign = await town.under_way()

    await town.after(seconds=5)
    await town.after(seconds=5)

    invited = await town.invited(campaign)
    assert {n.citizen_id for n in invited} == citizens
    assert {n.state for n in invited} == {State.ACCEPTED}
    (body,) = {sms.text for sms in town.provider.reached}
    assert body == "[QC] Moi ong/ba den ngay hoi so 18/10/2025. Tu choi: nhan TC toi 0000"
    shown = await town.service.one(campaign.id)
    assert (shown.stage, shown.fed.invited, shown.fed.whole) == (Stage.DONE, 3, True)
    assert await town.service.states(campaign.id) == {State.ACCEPTED: 3}


async def test_pace_holds(town: Town) -> None:
    for _ in range(12):
        await town.agreeing()
    campaign = await town.under_way(pace=60)

    sent = []
    for _ in range(4):
        await town.after(seconds=3)
        sent.append(len(await town.invited(campaign)))

    assert sent == [3, 6, 9, 12]


async def test_only_named_wards_are_invited(town: Town) -> None:
    await town.agreeing(ward=CHO_LON)
    here = await town.agreeing(ward=HOA_HUNG)
    campaign = await town.under_way(HOA_HUNG)

    await town.after(seconds=5)

    assert [n.citizen_id for n in await town.invited(campaign)] == [here]


async def test_who_cannot_be_reached_is_left_out_with_a_reason(town: Town) -> None:
    refusing, on_the_list, agreed_again = a_phone(), a_phone(), a_phone()
    changed_mind, erased = await town.agreeing(), await town.agreeing()
    await withdraw(town.contacts, changed_mind)
    await town.contacts.erase([erased])
    await say(town.contacts, an_id("citizen"))
    await town.agreeing("02838291234")
    await town.agreeing(refusing)
    await town.number(refusing, NumberRecord(refused_at=SATURDAY + timedelta(minutes=1)))
    await town.agreeing(on_the_list)
    await town.number(on_the_list, NumberRecord(no_adverts=True))
    reached = await town.agreeing(agreed_again)
    await town.number(agreed_again, NumberRecord(refused_at=SATURDAY - timedelta(days=1)))
    campaign = await town.under_way()

    seen = await town.service.survey(campaign)
    await town.after(seconds=5)

    reasons = {"erased", "no_contact", "not_mobile", "opted_out", "do_not_advertise"}
    assert seen.left_out == dict.fromkeys(reasons, 1)
    assert seen.wards == {CHO_LON: 1}
    assert [n.citizen_id for n in await town.invited(campaign)] == [reached]
    assert (await town.service.one(campaign.id)).fed.left_out == seen.left_out


async def test_word_taken_back_under_a_merged_record_counts(town: Town) -> None:
    agreed, merged = await town.agreeing(), an_id("citizen")
    await withdraw(town.contacts, merged)
    await town.contacts.record([merging(merged, agreed)])
    campaign = await town.under_way()

    seen = await town.service.survey(campaign)

    assert (seen.reachable, seen.left_out) == (0, {"consent_withdrawn": 1})


async def test_merged_records_are_one_person(town: Town) -> None:
    one, other, stays = await town.agreeing(), await town.agreeing(), await town.agreeing()
    await town.contacts.record([merging(one, stays)])
    await town.contacts.record([merging(other, stays)])
    campaign = await town.under_way()

    seen = await town.service.survey(campaign)
    await town.after(seconds=5)

    assert (seen.reachable, seen.left_out) == (1, {})
    assert [n.citizen_id for n in await town.invited(campaign)] == [stays]


async def test_person_who_comes_by_again_under_another_record_is_not_told_again(
    town: Town,
) -> None:
    stays, merged, behind = "citizen-a", "citizen-b", "citizen-c"
    for citizen in (stays, merged, behind):
        await share_contact(town.contacts, citizen)
    for citizen in (stays, behind):
        await say(town.contacts, citizen)
    campaign = await town.under_way(pace=1)
    await town.after(minutes=1)

    await town.contacts.record([merging(merged, stays)])
    await withdraw(town.contacts, stays)
    await say(town.contacts, merged, SATURDAY + timedelta(hours=1))
    for _ in range(3):
        await town.after(minutes=1)

    (told,) = [n for n in await town.invited(campaign) if n.citizen_id == stays]
    assert [change.state for change in told.history].count(State.SUBMITTING) == 1
    assert len(town.provider.reached) == 2


async def test_two_who_share_a_number_get_one_invitation(town: Town) -> None:
    phone = a_phone()
    await town.agreeing(phone)
    await town.agreeing(phone)
    campaign = await town.under_way()

    seen = await town.service.survey(campaign)
    town.clock.forward(seconds=1)
    await town.feeder.round()
    await town.after(seconds=4)

    assert (seen.reachable, seen.left_out) == (1, {"shared_number": 1})
    assert len(town.provider.reached) == 1
    assert (await town.service.one(campaign.id)).fed.left_out == {"shared_number": 1}


async def test_number_that_came_to_be_shared_after_feeding_gets_one_invitation(town: Town) -> None:
    phone = a_phone()
    citizens = [await town.agreeing(phone), await town.agreeing()]
    campaign = await town.under_way()

    town.clock.forward(seconds=5)
    await town.feeder.round()
    await share_contact(town.contacts, citizens[1], phone)
    await town.after(seconds=1)

    assert len(town.provider.reached) == 1
    states = sorted((n.state, n.reason) for n in await town.invited(campaign))
    assert states == [(State.ACCEPTED, None), (State.SUPPRESSED, "same_visit")]


async def test_consent_taken_back_after_feeding_stops_the_invitation(town: Town) -> None:
    citizen = await town.agreeing()
    campaign = await town.under_way()
    town.clock.forward(seconds=5)
    await town.feeder.round()

    await withdraw(town.contacts, citizen)
    await town.after(seconds=1)

    (notification,) = await town.invited(campaign)
    assert (notification.state, notification.reason) == (State.SUPPRESSED, "consent_withdrawn")
    assert town.provider.reached == []


async def test_two_feeders_at_once_invite_each_citizen_once_and_keep_the_pace(town: Town) -> None:
    for _ in range(20):
        await town.agreeing()
    campaign = await town.under_way(pace=60)

    town.clock.forward(seconds=5)
    await asyncio.gather(*(town.feeder.round() for _ in range(4)))

    invited = await town.invited(campaign)
    assert len(invited) == len({n.citizen_id for n in invited}) == 5
    assert (await town.service.one(campaign.id)).fed.invited == 5


async def test_stretch_that_another_has_fed_changes_nothing(town: Town) -> None:
    for _ in range(3):
        await town.agreeing()
    campaign = await town.under_way()
    town.clock.forward(seconds=5)
    read = await stretch(town.contacts, town.installation.keys, (), "", 2)
    work = partial(feed, campaign_id=campaign.id, stretch=read, now=town.clock(), rules=town.rules)

    first, again = await town.ledger.transact(work), await town.ledger.transact(work)

    assert first is not None
    assert (first.fed.invited, first.fed.whole, again) == (2, False, None)
    assert len(await town.invited(campaign)) == 2


async def test_campaign_that_was_stopped_meanwhile_is_not_fed(town: Town) -> None:
    await town.agreeing()
    campaign = await town.under_way()
    town.clock.forward(seconds=5)
    read = await stretch(town.contacts, town.installation.keys, (), "", 200)

    await town.service.move(campaign.id, Move.PAUSE, SECOND)
    work = partial(feed, campaign_id=campaign.id, stretch=read, now=town.clock(), rules=town.rules)

    assert await town.ledger.transact(work) is None
    assert await town.invited(campaign) == []


async def test_process_killed_within_a_batch_leaves_nothing_half_done(town: Town) -> None:
    for _ in range(4):
        await town.agreeing()
    campaign = await town.under_way()
    town.clock.forward(seconds=2)
    read = await stretch(town.contacts, town.installation.keys, (), "", 200)

    async def killed(tx: Transaction) -> None:
        await feed(tx, campaign.id, read, town.clock(), town.rules)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await town.ledger.transact(killed)

    assert await town.invited(campaign) == []
    await town.after(seconds=0)
    await town.after(seconds=5)
    assert len(town.provider.reached) == len(await town.invited(campaign)) == 4


async def test_pause_holds_what_is_queued_and_resuming_goes_on(town: Town) -> None:
    for _ in range(4):
        await town.agreeing()
    campaign = await town.under_way()
    town.clock.forward(seconds=2)
    await town.feeder.round()

    await town.service.move(campaign.id, Move.PAUSE, SECOND)
    await town.after(seconds=5)

    waiting = await town.invited(campaign)
    assert [(n.state, n.reason) for n in waiting] == [(State.DEFERRED, "paused")] * 2
    await town.service.move(campaign.id, Move.RESUME, MAKER)
    await town.after(minutes=1)
    assert len(town.provider.reached) == 4


async def test_what_operators_stopped_is_not_fed(town: Town) -> None:
    await town.agreeing()
    campaign = await town.under_way()
    stopped = Control(ControlKind.CAMPAIGN, campaign.id, "/user/operator", town.clock())

    async def stop(tx: Transaction) -> None:
        await tx.put(CONTROLS, {stopped.key: stopped})

    await town.ledger.transact(stop)
    await town.after(seconds=5)

    assert await town.invited(campaign) == []


async def test_cancellation_suppresses_what_has_not_left(town: Town) -> None:
    for _ in range(4):
        await town.agreeing()
    campaign = await town.under_way()
    await town.after(seconds=1)
    town.clock.forward(seconds=1)
    await town.feeder.round()

    await town.service.move(campaign.id, Move.CANCEL, SECOND)
    await town.after(minutes=5)

    states = sorted((n.state, n.reason) for n in await town.invited(campaign))
    assert states == [(State.ACCEPTED, None), (State.SUPPRESSED, "campaign_cancelled")]
    assert len(town.provider.reached) == 1


async def test_fourth_advert_to_a_number_waits_a_day_and_then_expires(town: Town) -> None:
    phone = a_phone()
    await town.agreeing(phone)
    for _ in range(3):
        await town.under_way()
    await town.after(seconds=5)
    fourth = await town.under_way()

    await town.after(seconds=5)
    (waiting,) = await town.invited(fourth)
    others = [await town.under_way() for _ in range(4)]
    await town.after(days=1, seconds=5)
    await town.after(days=1)
    await town.after(seconds=1)

    assert (waiting.state, waiting.reason) == (State.DEFERRED, "daily_limit")
    assert len(town.provider.reached) == 6
    left = [n for campaign in (fourth, *others) for n in await town.invited(campaign)]
    outcomes = sorted((n.state, n.reason) for n in left)
    assert outcomes == [(State.ACCEPTED, None)] * 3 + [(State.SUPPRESSED, "expired")] * 2
    assert {c.stage for c in await town.service.page(None, 100)} == {Stage.DONE}


async def test_campaign_is_not_done_while_something_of_it_waits(town: Town) -> None:
    await town.agreeing()
    campaign = await town.under_way()
    town.clock.forward(seconds=5)

    for _ in range(2):
        await town.feeder.round()

    shown = await town.service.one(campaign.id)
    assert (shown.stage, shown.fed.whole) == (Stage.SENDING, True)


async def test_campaign_cancelled_at_the_last_moment_stays_cancelled(town: Town) -> None:
    campaign = await town.under_way()

    await town.service.move(campaign.id, Move.CANCEL, SECOND)
    await town.ledger.transact(partial(finish, campaign_id=campaign.id, now=town.clock()))

    assert (await town.service.one(campaign.id)).stage is Stage.CANCELLED


async def test_campaign_ends_with_its_last_instant(town: Town) -> None:
    for _ in range(3):
        await town.agreeing()
    campaign = await town.under_way(pace=1)

    await town.after(minutes=1)
    await town.after(days=2)

    shown = await town.service.one(campaign.id)
    assert (shown.stage, shown.fed.invited, shown.fed.whole) == (Stage.DONE, 1, False)


async def test_ward_of_a_citizen_is_todays_and_the_city_where_it_was_split(town: Town) -> None:
    before_the_merger = datetime(2025, 6, 1, 8, tzinfo=SATURDAY.tzinfo)
    for ward in (WHOLE, SPLIT):
        citizen = an_id("citizen")
        await share_contact(town.contacts, citizen)
        await say(town.contacts, citizen, before_the_merger, ward)

    found = await stretch(town.contacts, town.installation.keys, (), "", 10)

    assert sorted(one.ward for one in found.invitees) == ["26737", CITY]


async def test_campaigns_are_listed_newest_first(town: Town) -> None:
    made = []
    for _ in range(3):
        made.append((await town.under_way()).id)
        town.clock.forward(minutes=1)

    assert [c.id for c in await town.service.page(None, 100)] == made[::-1]
    assert {n.about for n in await town.ledger.search(Query())} <= {About.INVITATION}
