"""Bookcases, once they are a slice of registration like any other."""

from datetime import timedelta

from services.registration.directory.api import router as directory
from services.registration.slices import KINDS
from services.registration.subjects.reading import routers
from tests.builders import SATURDAY, event, posted
from tests.registration.deciding import after, refused
from tests.registration.intake.desk import COORDINATOR, Desk, kinds
from tests.registration.new_slice.bookcases import BookcasePlaced, BookcaseRemoved
from tests.registration.new_slice.rules import BOOKCASE, STANDS_ALREADY
from tests.registration.reading import client, ids

LATER = SATURDAY + timedelta(days=1)


def test_bookcase_is_placed_once_until_it_is_removed() -> None:
    placed, removed = event(BookcasePlaced), event(BookcaseRemoved, at=LATER)

    assert refused(BOOKCASE, placed, event(BookcasePlaced, at=LATER)) is STANDS_ALREADY
    assert after(BOOKCASE, placed, removed).removed_on == LATER.date()


async def test_ward_records_a_bookcase_and_no_volunteer_does() -> None:
    desk = Desk()

    by_ward = await desk.post(posted(BookcasePlaced), by=COORDINATOR)
    by_volunteer = await desk.post(posted(BookcasePlaced, envelope={"source": "/device/phone-1"}))

    assert kinds([*by_ward, *by_volunteer]) == ["accepted", "not_allowed"]


async def test_bookcase_at_an_unknown_neighbourhood_waits_for_it() -> None:
    [result] = await Desk().post(posted(BookcasePlaced, neighbourhood_id="kp-9"), by=COORDINATOR)

    assert (result.code, result.retryable) == ("not_yet_known", True)


async def test_bookcase_is_read_and_chosen_until_it_is_removed() -> None:
    desk = Desk()
    await desk.post(posted(BookcasePlaced), by=COORDINATOR)
    app = (*routers(desk.rows, KINDS.values()), directory(desk.rows, KINDS.values(), lambda: LATER))

    async with client(*app) as http:
        listed = (await http.get("/bookcases")).json()["items"]
        near = (await http.get("/directory?ward=27343")).json()["nearby"]["bookcases"]
        await desk.post(posted(BookcaseRemoved), by=COORDINATOR)
        left = (await http.get("/directory?ward=27343")).json()["nearby"]["bookcases"]

    assert ids(listed) == ids(near) == ["bookcase-1"]
    assert left == []
