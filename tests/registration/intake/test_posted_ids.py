"""An id that the server derives is nobody else's: what was not accepted is always heard of."""

import pytest

from services.events.assistance import CitizenAssisted
from services.events.codes import RefusedResult
from services.platform.ids import derived_event_id
from services.registration.intake.refusals import ending_id
from services.registration.intake.replacing import succession_id
from tests.builders import PHONE, an_event_id, posted
from tests.registration.intake.desk import Desk, kinds

REFUSED = an_event_id()
REFUSAL = derived_event_id(REFUSED, PHONE, RefusedResult.REJECTED, "unknown_field")


@pytest.mark.parametrize(
    "derived",
    [
        REFUSAL,
        REFUSAL.upper(),
        ending_id(REFUSAL),
        succession_id(REFUSED),
        derived_event_id("sms-000000000000000000000001", "1"),
    ],
    ids=["a refusal's", "the same in capitals", "its end's", "a successor's", "an SMS's"],
)
async def test_nobody_posts_an_id_that_the_server_derives(derived: str) -> None:
    desk = Desk()

    results = await desk.post(posted(CitizenAssisted, envelope={"id": derived}))

    assert kinds(results) == ["invalid_id"]
    assert await desk.log.find(derived.lower()) is None


async def test_a_refusal_is_published_whatever_was_posted_under_its_id() -> None:
    desk = Desk()
    await desk.post(posted(CitizenAssisted, envelope={"id": REFUSAL}))

    refused = posted(CitizenAssisted, envelope={"id": REFUSED}, hobby="x")
    assert kinds(await desk.post(refused)) == ["unknown_field"]

    [told] = [event for event in desk.published() if event.id == REFUSAL]
    assert told.type == "event.refused.v1"
