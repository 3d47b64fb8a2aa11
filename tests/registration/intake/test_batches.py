"""Events of one upload: side by side, and yet as if one after the other."""

from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.events.assistance import CitizenAssisted
from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.organisations import OrganisationRegistered
from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.events.teams import TeamDisbanded, TeamFormed, TeamMemberJoined, TeamMemberLeft
from tests.builders import OFFICE, SATURDAY, an_event_id, posted
from tests.event_data import Json
from tests.examples import examples
from tests.registration.intake.desk import COORDINATOR, Desk, kinds

AN_HOUR = timedelta(hours=1)


def a_team(number: int, neighbourhood: str | None = None) -> Json:
    return posted(
        TeamFormed,
        subject=f"team-{number}",
        neighbourhood_id=neighbourhood,
        organisation_id=None,
    )


async def test_what_refers_to_something_of_the_same_upload_finds_it() -> None:
    desk = Desk()
    neighbourhood = posted(NeighbourhoodRegistered, subject="khu-pho-1")

    results = await desk.post(a_team(1, "khu-pho-1"), neighbourhood, by=COORDINATOR)

    assert kinds(results) == ["accepted", "accepted"]


async def test_what_refers_to_nothing_stays_refused_and_holds_nobody_up() -> None:
    desk = Desk()

    results = await desk.post(a_team(1, "khu-pho-9"), a_team(2), by=COORDINATOR)

    assert kinds(results) == ["not_yet_known", "accepted"]


async def test_events_of_one_subject_are_judged_in_the_order_posted() -> None:
    desk = Desk()
    joined = posted(TeamMemberJoined, subject="team-1", at=SATURDAY + AN_HOUR)
    late = posted(TeamMemberJoined, subject="team-1", at=SATURDAY + 3 * AN_HOUR)
    disbanded = posted(TeamDisbanded, subject="team-1", at=SATURDAY + 2 * AN_HOUR)

    results = await desk.post(a_team(1), joined, disbanded, late, a_team(2), by=COORDINATOR)

    assert kinds(results) == ["accepted", "accepted", "accepted", "team_disbanded", "accepted"]


async def test_one_that_waits_for_its_ground_keeps_its_place_before_its_followers() -> None:
    desk = Desk()
    joined = posted(TeamMemberJoined, subject="team-1", at=SATURDAY + AN_HOUR)
    neighbourhood = posted(NeighbourhoodRegistered, subject="khu-pho-1")

    results = await desk.post(a_team(1, "khu-pho-1"), joined, neighbourhood, by=COORDINATOR)

    assert kinds(results) == ["accepted", "accepted", "accepted"]


def a_void_of(event: Json, **changes: object) -> Json:
    told = {"event_id": event["id"], "target_type": event["type"]}
    return posted(EventVoided, envelope={"source": OFFICE}, **told, **changes)  # type: ignore[arg-type]


def right(wrong: Json, **envelope: object) -> Json:
    """What replaces it, with an id of its own."""
    return {**wrong, "id": an_event_id(), "replaces": wrong["id"], **envelope}


def of_team(kind: type[Event], hour: int, **data: object) -> Json:
    return posted(kind, subject="team-1", at=SATURDAY + hour * AN_HOUR, **data)  # type: ignore[arg-type]


async def one_by_one(events: list[Json]) -> tuple[list[str], Desk, set[str]]:
    """Each in an upload of its own; what may be sent again is, whenever more is known.

    With the ids of those that were sent again.
    """
    desk, said, early = Desk(), dict[int, str](), set[str]()
    for number, event in enumerate(events):
        [said[number]] = kinds(await desk.post(event, by=COORDINATOR))
        if said[number] == "not_yet_known":
            early.add(event["id"])
        accepted = said[number] == "accepted"
        while accepted:
            again = {n: events[n] for n, kind in said.items() if kind == "not_yet_known"}
            heard = {n: kinds(await desk.post(e, by=COORDINATOR))[0] for n, e in again.items()}
            said |= heard
            accepted = "accepted" in heard.values()
    return list(said.values()), desk, early


async def together(events: list[Json]) -> tuple[list[str], Desk]:
    """All in one upload."""
    desk = Desk()
    return kinds(await desk.post(*events, by=COORDINATOR)), desk


def standing(desk: Desk) -> set[str]:
    """Ids of what counts."""
    published = desk.published()
    voided = {e.data.event_id for e in published if isinstance(e, EventVoided)}
    return {e.id for e in published} - voided


async def test_void_in_the_middle_of_an_upload_counts_for_what_comes_behind_it() -> None:
    disbanded = of_team(TeamDisbanded, 1)

    said, desk = await together(
        [a_team(1), disbanded, a_void_of(disbanded), of_team(TeamMemberJoined, 2)]
    )

    assert said == ["accepted"] * 4
    assert len(standing(desk)) == 3


async def test_void_at_the_end_of_an_upload_does_not_count_for_what_comes_before_it() -> None:
    disbanded = of_team(TeamDisbanded, 1)

    said, _ = await together(
        [a_team(1), disbanded, of_team(TeamMemberJoined, 2), a_void_of(disbanded)]
    )

    assert said == ["accepted", "accepted", "team_disbanded", "accepted"]


async def test_void_before_its_target_comes_right_behind_it() -> None:
    disbanded = of_team(TeamDisbanded, 1)

    said, _ = await together(
        [a_team(1), a_void_of(disbanded), disbanded, of_team(TeamMemberJoined, 2)]
    )

    assert said == ["accepted"] * 4


async def test_correction_in_the_middle_counts_for_what_comes_behind_it() -> None:
    disbanded = of_team(TeamDisbanded, 1)
    later = right(disbanded, time=(SATURDAY + 3 * AN_HOUR).isoformat())

    said, _ = await together([a_team(1), disbanded, later, of_team(TeamMemberJoined, 2)])

    assert said == ["accepted"] * 4


async def test_of_two_successors_in_one_upload_the_first_stands_whatever_they_are_about() -> None:
    first = a_team(1)
    here, there = right(first, subject="team-2"), right(first, subject="team-3")

    for successors in ([here, there], [there, here]):
        said, desk = await together([first, *successors])

        assert said == ["accepted", "accepted", "already_replaced"]
        assert successors[0]["id"] in standing(desk)


async def test_what_refers_to_something_is_judged_before_the_end_of_that_stands_behind_it() -> None:
    organisation = posted(OrganisationRegistered, subject="organisation-1")
    ended = posted(
        OrganisationRegistered,
        subject="organisation-1",
        at=SATURDAY + AN_HOUR,
        valid_to="2025-10-01",
    )
    opened = posted(ServicePointOpened, subject="point-1", organisation_id="organisation-1")

    before, _ = await together([organisation, opened, ended])
    after, _ = await together([organisation, ended, opened])

    assert before == ["accepted", "accepted", "accepted"]
    assert after == ["accepted", "accepted", "no_longer_stands"]


async def test_one_id_for_two_things_is_the_first_ones_whatever_they_are() -> None:
    team = a_team(1)
    visit = posted(CitizenAssisted, envelope={"id": team["id"], "source": "/device/phone-1"})
    other = {**a_team(2), "id": team["id"]}

    said, desk = await together([team, visit, other])

    assert said == ["accepted", "id_conflict", "id_conflict"]
    assert (await desk.stored(team["id"])).subject == "team-1"


async def test_two_that_take_each_other_back_are_answered_and_neither_counts_twice() -> None:
    one, other = a_team(1), a_team(2)

    said, desk = await together(
        [{**one, "replaces": other["id"]}, {**other, "replaces": one["id"]}]
    )

    assert len(said) == 2
    assert len(standing(desk)) <= 1


async def test_void_of_something_unknown_holds_nobody_up() -> None:
    gone = a_team(7)

    said, _ = await together([a_void_of(gone), a_team(1), of_team(TeamMemberJoined, 1)])

    assert said == ["accepted", "accepted", "accepted"]


_ABOUT_A_TEAM = (TeamFormed, TeamDisbanded, TeamMemberJoined, TeamMemberLeft)
_ABOUT_A_POINT = (ServicePointOpened, ServicePointClosed)
_STEPS = st.one_of(
    st.tuples(st.sampled_from(_ABOUT_A_TEAM), st.sampled_from(["team-1", "team-2"])),
    st.tuples(st.sampled_from(_ABOUT_A_POINT), st.sampled_from(["point-1", "point-2"])),
    st.tuples(st.sampled_from(["void", "correction"]), st.integers(0, 20)),
)


def an_upload(steps: list[tuple[type[Event] | str, str | int]]) -> list[Json]:
    """Each an hour later than the one before; what takes back names one before it."""
    found: list[Json] = []
    for hour, (what, which) in enumerate(steps):
        at = SATURDAY + hour * AN_HOUR / 60
        if isinstance(what, type):
            alone: Json = {"neighbourhood_id": None, "organisation_id": None}
            named = alone if what in (TeamFormed, ServicePointOpened) else {}
            found.append(posted(what, subject=str(which), at=at, **named))
        elif found:
            target = found[int(which) % len(found)]
            made = a_void_of(target, at=at) if what == "void" else right(target)
            found.append({**made, "time": at.isoformat()})
    return found


def _target(event: Json) -> str | None:
    found: str | None = event["data"].get("event_id") or event.get("replaces")
    return found


@settings(max_examples=examples(150))
@given(st.lists(_STEPS, max_size=12))
async def test_upload_has_the_outcome_of_its_events_one_by_one(
    steps: list[tuple[type[Event] | str, str | int]],
) -> None:
    events = an_upload(steps)

    apart, desk, early = await one_by_one(events)
    assume(not any(_target(event) in early for event in events))  # held: released at any time
    said, other = await together(events)

    assert said == apart
    assert standing(other) == standing(desk)
    assert other.rows.rows == desk.rows.rows
