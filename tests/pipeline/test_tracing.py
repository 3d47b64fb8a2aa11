"""One event's trace leads from the request of a phone to the projection that counted it."""

import secrets

from tests.builders import a_person
from tests.eventually import eventually
from tests.pipeline.people import REGISTRATION, Phone
from tests.pipeline.traces import Receiver, Span

STEPS = {"POST", "publish", "handle"}
"""Each service exports its spans by itself, in no order."""


def named(found: list[Span]) -> dict[str, Span]:
    """Spans by their first word, once those of all steps are there."""
    known = {span.name.split()[0]: span for span in found}
    return known if known.keys() >= STEPS else {}


def steps(found: list[Span]) -> dict[str, Span]:
    """The same; of several publishes, each to one reader, the one that was handled."""
    handled = {span.parent for span in found if span.name.startswith("handle")}
    publish = next((span for span in found if span.id in handled), None)
    return {**named(found), "publish": publish} if publish and named(found) else {}


async def nothing_else_is_under_way(phone: Phone) -> None:
    """What else waits in its partition would be handled along with what comes now, in its trace."""
    phone.record(phone.visit())

    def is_counted() -> bool:
        tally = phone.read("tally", device=phone.device_id)["total"]
        return bool(tally["accepted"] == 1)

    await eventually(is_counted)


async def test_one_trace_holds_request_publish_and_projection(
    phone: Phone, traces: Receiver
) -> None:
    trace, parent = secrets.token_hex(16), secrets.token_hex(8)
    await nothing_else_is_under_way(phone)

    phone.send([phone.visit()], traceparent=f"00-{trace}-{parent}-01")

    found = await eventually(lambda: steps(traces.of(trace)))
    request, publish, handle = found["POST"], found["publish"], found["handle"]
    assert (request.service, request.parent) == ("registration", parent)
    assert request.name == "POST /api/registration/v1/events"
    assert (publish.service, publish.parent) == ("registration", request.id)
    assert publish.name == "publish citizen.assisted.v1"
    assert (handle.service, handle.parent) == ("reporting", publish.id)
    assert handle.name.startswith("handle reporting.p")


async def test_phone_that_sends_no_trace_gets_one(phone: Phone, traces: Receiver) -> None:
    before = len(traces.spans)

    phone.record(phone.visit())

    def handled() -> list[Span]:
        new = traces.spans[before:]
        posts = {span.trace for span in new if span.name.startswith("POST ")}
        return [s for s in new if s.service == "reporting" and posts & {s.trace, *s.links}]

    assert await eventually(handled)


async def test_no_span_holds_anything_personal(phone: Phone, traces: Receiver) -> None:
    person = a_person(name="Người Trong Vết")
    trace = secrets.token_hex(16)
    events = [phone.visit(person=person), {**phone.visit(), "hobby": person["phone"]}]

    phone.ask("GET", f"{REGISTRATION}/citizens/{person['phone']}", params={"name": person["name"]})
    phone.send(events, traceparent=f"00-{trace}-{secrets.token_hex(8)}-01")

    await eventually(lambda: named(traces.of(trace)))
    told = b"".join(traces.bodies)
    secret = (person["national_id"], person["phone"], person["phone"][1:], "Người Trong Vết")
    assert [text for text in secret if text.encode() in told] == []
