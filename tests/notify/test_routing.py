"""By whom an SMS goes: priority, share, pace, and who rests for a while."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from services.notify.notification.notification import Notification
from services.notify.notification.states import State
from services.notify.providers.plan import Planned, read_plan
from services.notify.providers.provider import Accepted, Outcome, Sms, SurelyNotAccepted, Unknown
from services.notify.routing.circuit_breaker import DOWN_S, FAILURES_TO_OPEN
from services.notify.routing.routes import Route, Routes, RouteTerms
from services.notify.text.segments import Encoding, segment
from services.notify.text.templates import Style
from tests.eventually import PATIENCE_S, eventually
from tests.notify.harness import (
    Kit,
    a_reachable_citizen,
    arrive,
    assisted,
    notification_of_day,
    withdraw,
)
from tests.notify.test_templates import told
from tests.twins.provider import ProviderTwin, accepts

AN_SMS = Sms("sms-1-1", "+84900000001", "xin chao")
UNREACHABLE = SurelyNotAccepted("provider_unreachable", retryable=True)
REFUSED = SurelyNotAccepted("provider_refused_118", retryable=True)
BUSY = SurelyNotAccepted("provider_busy", retryable=True)


@dataclass
class Elapsed:
    """Seconds that the test lets pass."""

    s: float = 0.0

    def __call__(self) -> float:
        return self.s


@dataclass
class Ways:
    """Providers that answer as the test says."""

    elapsed: Elapsed = field(default_factory=Elapsed)
    providers: dict[str, ProviderTwin] = field(default_factory=dict)

    def route(self, name: str, terms: RouteTerms | None = None) -> Route:
        provider = self.providers[name] = ProviderTwin()
        provider.name = name
        return Route(provider, terms or RouteTerms(), self.elapsed)


def numbered(count: int) -> Sequence[Notification]:
    return [replace(told(), id=f"sms-{n}") for n in range(count)]


def chosen(routes: Routes, notification: Notification | None = None) -> str | None:
    route = routes.choose(notification or told())
    return route.provider.name if route else None


@pytest.mark.parametrize(
    ("line", "plan"),
    [
        ("console", (Planned("console", 0, 1),)),
        ("smpp:3,esms", (Planned("smpp", 0, 3), Planned("esms", 0, 1))),
        (
            "smpp:3, esms:1; speedsms",
            (Planned("smpp", 0, 3), Planned("esms", 0, 1), Planned("speedsms", 1, 1)),
        ),
    ],
)
def test_plan_is_one_line(line: str, plan: tuple[Planned, ...]) -> None:
    assert read_plan(line) == plan


@pytest.mark.parametrize("line", ["", "smpp:0", "smpp;smpp", "SMPP", "smpp:x", ";esms"])
def test_plan_that_says_nothing_clear_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="plan"):
        read_plan(line)


def test_providers_of_one_priority_share_by_weight() -> None:
    ways = Ways()
    routes = Routes(
        [ways.route("smpp", RouteTerms(share=3)), ways.route("esms", RouteTerms(share=1))]
    )

    found = Counter(chosen(routes, n) for n in numbered(4_000))

    assert found["smpp"] == pytest.approx(3_000, rel=0.05)


def test_lower_priority_waits_until_the_first_is_down() -> None:
    ways = Ways()
    first, second = ways.route("smpp"), ways.route("esms", RouteTerms(priority=1))
    routes = Routes([first, second])

    before = chosen(routes)
    for _ in range(FAILURES_TO_OPEN):
        first.breaker.failed()

    assert (before, chosen(routes)) == ("smpp", "esms")


def test_provider_that_is_down_is_tried_by_one_sms_now_and_then() -> None:
    ways = Ways()
    first = ways.route("smpp")
    routes = Routes([first, ways.route("esms", RouteTerms(priority=1))])
    for _ in range(FAILURES_TO_OPEN):
        first.breaker.failed()

    ways.elapsed.s += DOWN_S
    trial = [chosen(routes) for _ in range(3)]
    first.breaker.succeeded()

    assert trial == ["smpp", "esms", "esms"]
    assert chosen(routes) == "smpp"


def test_paused_provider_is_passed_by() -> None:
    ways = Ways()
    routes = Routes([ways.route("smpp"), ways.route("esms", RouteTerms(priority=1))])

    route = routes.choose(told(), paused={"smpp"})

    assert route is not None
    assert route.provider.name == "esms"
    assert routes.choose(told(), paused={"smpp", "esms"}) is None


async def test_refusal_of_one_sms_says_nothing_of_its_provider() -> None:
    ways = Ways()
    route = ways.route("zns")
    ways.providers["zns"].answer = lambda _: REFUSED

    for _ in range(2 * FAILURES_TO_OPEN):
        await route.send(AN_SMS, 1)

    assert not route.breaker.is_open


async def test_refusal_of_one_sms_does_not_make_a_silent_provider_well() -> None:
    ways = Ways()
    route = ways.route("zns")
    answers = [*[UNREACHABLE] * (FAILURES_TO_OPEN - 1), REFUSED, UNREACHABLE]
    said = iter(answers)
    ways.providers["zns"].answer = lambda _: next(said)

    for _ in answers:
        await route.send(AN_SMS, 1)

    assert route.breaker.is_open


@pytest.mark.parametrize("outcome", [UNREACHABLE, Unknown("no_answer")])
async def test_provider_that_does_not_answer_counts_as_down(outcome: Outcome) -> None:
    ways = Ways()
    route = ways.route("smpp")
    ways.providers["smpp"].answer = lambda _: outcome

    for _ in range(FAILURES_TO_OPEN):
        await route.send(AN_SMS, 1)

    assert route.breaker.is_open


async def test_segments_leave_at_the_agreed_pace() -> None:
    route = Route(ProviderTwin(), RouteTerms(segments_per_s=100))
    clock = asyncio.get_running_loop().time
    began = clock()

    await asyncio.gather(*(route.send(AN_SMS, 2) for _ in range(11)))

    assert clock() - began >= 10 * 2 / 100


async def test_busy_provider_is_let_rest_by_all_and_loses_nothing() -> None:
    taken, answers = list[str](), iter([BUSY, BUSY])

    def answer(sms: Sms) -> Outcome:
        if busy := next(answers, None):
            return busy
        taken.append(sms.request_id)
        return accepts(sms)

    route = Route(ProviderTwin(answer), RouteTerms(busy_patience_s=PATIENCE_S))

    outcomes = await asyncio.gather(
        *(route.send(Sms(f"sms-{n}-1", AN_SMS.phone, "x"), 1) for n in range(10))
    )

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert sorted(taken) == sorted(f"sms-{n}-1" for n in range(10))


async def test_one_who_is_busy_too_long_leaves_it_to_another() -> None:
    route = Route(ProviderTwin(lambda _: BUSY), RouteTerms(busy_patience_s=0))

    assert await route.send(AN_SMS, 1) == BUSY


def two_ways(kit: Kit) -> tuple[ProviderTwin, ProviderTwin]:
    first, second = ProviderTwin(), ProviderTwin()
    first.name, second.name = "smpp", "esms"
    accents = RouteTerms(priority=1, style=Style(accents=True), price_vnd=500)
    kit.routes = Routes([Route(first, RouteTerms()), Route(second, accents)])
    return first, second


async def test_what_the_first_surely_did_not_take_goes_by_the_second_at_once() -> None:
    kit = Kit()
    first, second = two_ways(kit)
    first.answer = lambda _: UNREACHABLE
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(minutes=31)
    await kit.after(seconds=2)

    found = await notification_of_day(kit.ledger, citizen)
    assert (len(first.reached), len(second.reached)) == (1, 1)
    assert [attempt.provider for attempt in found.attempts] == ["smpp", "esms"]
    assert found.state is State.ACCEPTED


async def test_what_the_first_may_have_taken_goes_by_nobody_else() -> None:
    kit = Kit()
    first, second = two_ways(kit)
    first.answer = lambda _: Unknown("no_answer")
    await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))

    await kit.after(minutes=31)
    await kit.after(hours=5)

    assert (len(first.reached), second.reached) == (1, [])


async def test_each_provider_is_given_the_text_as_it_writes_it() -> None:
    kit = Kit()
    first, second = two_ways(kit)
    first.answer = lambda _: UNREACHABLE
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(minutes=31)
    await kit.after(seconds=2)

    [plain], [accented] = first.reached, second.reached
    assert segment(plain.text).encoding is Encoding.GSM7
    assert segment(accented.text).encoding is Encoding.UCS2
    found = await notification_of_day(kit.ledger, citizen)
    assert found.attempts[-1].cost_vnd == 2 * 500


async def test_without_any_provider_it_waits_and_tries_again() -> None:
    kit = Kit()
    two_ways(kit)
    assert kit.routes
    for route in kit.routes.all.values():
        for _ in range(FAILURES_TO_OPEN):
            route.breaker.failed()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(minutes=31)
    waiting = await notification_of_day(kit.ledger, citizen)
    for route in kit.routes.all.values():
        route.breaker.succeeded()
    await kit.after(minutes=1)

    assert (waiting.state, waiting.reason) == (State.DEFERRED, "no_provider")
    assert (await notification_of_day(kit.ledger, citizen)).state is State.ACCEPTED


async def test_message_by_zalo_is_one_however_long() -> None:
    kit = Kit()
    kit.provider.channel = "zns"
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))
    kit.terms = RouteTerms(style=Style(accents=True))

    await kit.after(minutes=31)

    attempt = (await notification_of_day(kit.ledger, citizen)).attempts[-1]
    assert (attempt.channel, attempt.segments) == ("zns", 1)


class Recognising(ProviderTwin):
    """It sends one request id once, however often it is shown."""

    recognises_repeats = True

    def sent(self) -> set[str]:
        return {sms.request_id for sms in self.reached}


async def test_unanswered_request_is_shown_again_to_who_recognises_it() -> None:
    kit = Kit(provider=Recognising(lambda _: Unknown("no_answer")))
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))
    await kit.after(minutes=31)

    kit.provider.answer = accepts
    await kit.after(minutes=2)

    assert isinstance(kit.provider, Recognising)
    assert len(kit.provider.reached) == 2
    assert len(kit.provider.sent()) == 1
    assert (await notification_of_day(kit.ledger, citizen)).state is State.ACCEPTED


async def test_unanswered_request_is_given_up_after_a_day() -> None:
    kit = Kit(provider=Recognising(lambda _: Unknown("no_answer")))
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(minutes=31)
    await kit.after(hours=24)

    found = await notification_of_day(kit.ledger, citizen)
    assert (found.state, len(kit.provider.reached)) == (State.UNKNOWN, 1)


async def test_what_nobody_can_settle_and_is_no_longer_so_is_corrected() -> None:
    kit = Kit(provider=Recognising(lambda _: Unknown("no_answer")))
    visit = assisted(await a_reachable_citizen(kit.contacts))
    await arrive(kit.ledger, visit)
    await kit.after(minutes=31)

    kit.provider.answer = accepts
    await withdraw(kit.ledger, visit, at=kit.clock())
    await kit.after(minutes=2)
    await kit.after(hours=1)

    templates = [sms.template for sms in kit.provider.reached]
    assert templates == ["visit.assisted.plain.v2", "correction.taken_back.plain.v2"]


async def test_killed_process_is_followed_by_one_that_shows_the_request_again() -> None:
    kit = Kit(provider=Recognising())
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))
    kit.clock.forward(minutes=31)

    class Killed(BaseException):
        pass

    def die(_: Sms) -> Outcome:
        raise Killed

    kit.provider.answer = die
    with pytest.raises(Killed):
        await kit.dispatch().round()
    kit.provider.answer = accepts
    await kit.after(minutes=2)

    assert isinstance(kit.provider, Recognising)
    assert (len(kit.provider.reached), len(kit.provider.sent())) == (2, 1)
    assert (await notification_of_day(kit.ledger, citizen)).state is State.ACCEPTED


async def test_one_who_gets_no_turn_in_time_surely_has_not_left() -> None:
    provider = ProviderTwin()
    route = Route(provider, RouteTerms(segments_per_s=10, turn_s=0.25))

    outcomes = await asyncio.gather(*(route.send(AN_SMS, 1) for _ in range(20)))

    put_off = [outcome for outcome in outcomes if outcome == BUSY]
    assert len(provider.reached) + len(put_off) == 20
    assert 1 <= len(provider.reached) < 10


async def test_provider_that_is_left_is_shown_nothing_more() -> None:
    provider = ProviderTwin(lambda _: BUSY)
    route = Route(provider, RouteTerms(busy_patience_s=PATIENCE_S))

    waiting = asyncio.create_task(route.send(AN_SMS, 1))
    await eventually(lambda: provider.reached)
    route.stop()

    assert await waiting == BUSY
    assert await route.send(AN_SMS, 1) == BUSY
    assert len(provider.reached) == 1
