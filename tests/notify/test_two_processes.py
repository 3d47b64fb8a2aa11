"""Two processes of notify, each with a part of what is due."""

from services.notify.ledger.parts import Part
from tests.eventually import eventually
from tests.notify.process import (
    in_states,
    notifications,
    visits_to_reachable_citizens,
)
from tests.notify.sandbox_http_provider import Manner, Sandbox
from tests.stack import Stack

FIRST, SECOND = Part(1, 2), Part(2, 2)


def sent(phones: Sandbox) -> list[str]:
    """Ids of the notifications, once for each time that one reached its phone."""
    return [id_.rpartition("-")[0] for id_, times in phones.taken.items() for _ in range(times)]


def all_sent_of(services: Stack, part: Part) -> bool:
    accepted = {part.has(n["id"]) for n in notifications(services) if n["state"] == "accepted"}
    waiting = {part.has(n["id"]) for n in notifications(services) if n["state"] == "received"}
    return accepted == {True} and waiting == {False}


async def test_each_process_sends_its_own_part(
    services: Stack, phones: Sandbox, vhost_url: str
) -> None:
    services.start_beside("notify", "notify", NOTIFY_PART="1/2")
    await visits_to_reachable_citizens(vhost_url, 60)
    await eventually(lambda: all_sent_of(services, FIRST))
    of_the_first = sent(phones)

    services.start_beside("notify", "notify-2", NOTIFY_PART="2/2")

    await eventually(lambda: in_states(services, 60, "accepted"))
    assert all(map(FIRST.has, of_the_first))
    assert len(sent(phones)) == len(set(sent(phones))) == 60


async def test_what_a_killed_process_left_open_is_settled_by_the_other(
    services: Stack, phones: Sandbox, vhost_url: str
) -> None:
    services.start_beside("notify", "notify", NOTIFY_PART="1/2")
    services.start_beside("notify", "notify-2", NOTIFY_PART="2/2")
    phones.manner = Manner.HOLD_AFTER_TAKING
    await visits_to_reachable_citizens(vhost_url, 30)
    parts = {True, False}
    await eventually(lambda: set(map(FIRST.has, sent(phones))) == parts)

    services.kill("notify-2")
    services.kill("notify")
    phones.manner = Manner.ACCEPT
    phones.let_go.set()
    services.start_beside("notify", "notify", NOTIFY_PART="1/2")

    def second_is_settled() -> bool:
        found = [n["state"] for n in notifications(services) if SECOND.has(n["id"])]
        return "submitting" not in found and "unknown" in found

    await eventually(second_is_settled)
    assert len(sent(phones)) == len(set(sent(phones)))
