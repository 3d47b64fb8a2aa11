"""What every store of figures does: run on the twin and on MongoDB."""

from collections.abc import Callable
from datetime import date

import pytest

from services.events.assistance import CitizenAssisted
from services.reporting.counting.difference import DayDocument, Differences, MemberLine
from services.reporting.definitions.labels import AGE_BAND, SERVICE
from services.reporting.definitions.measure import Codes, count, distinct
from services.reporting.measures.services import SERVICE_OUTCOME
from services.reporting.stores.cell_store import Cells
from services.reporting.stores.figures import Distinct, Figure, Total
from services.reporting.stores.member_store import Merge
from tests.twins.cells import CellsInMemory

AnyCells = Cells | CellsInMemory
CHO_LON, HOA_HUNG = "27343@2025-07-01", "27163@2025-07-01"
SATURDAY, SUNDAY, MONDAY = date(2025, 10, 11), date(2025, 10, 12), date(2025, 10, 13)
WEEK = (date(2025, 10, 6), SUNDAY)
CODES = [("etax", "using"), ("", ""), ("", "x"), ("a.b", "$c"), ("x|y", "~%("), ("(", ")")]
VISITS = count("visits", (), CitizenAssisted)
SERVICES = count("services", (SERVICE, SERVICE_OUTCOME), CitizenAssisted)
PEOPLE = distinct("people", (AGE_BAND,), CitizenAssisted, lambda event: event.data.citizen_id)


def visits(
    amount: int,
    ward: str = CHO_LON,
    day: date = SATURDAY,
    known: date = SATURDAY,
    codes: Codes = (),
) -> Differences:
    """So many more visits (or, with codes, services)."""
    name = "services" if codes else "visits"
    return Differences({DayDocument(ward, day, known): {(name, codes): amount}}).settled()


def people(
    *members: str,
    amount: int = 1,
    ward: str = CHO_LON,
    day: date = SATURDAY,
    known: date = SATURDAY,
) -> Differences:
    """These were helped that day."""
    lines: dict[MemberLine, int] = {("people", ("all",), member): amount for member in members}
    return Differences(members={DayDocument(ward, day, known): lines}).settled()


async def told(cells: AnyCells, *differences: Differences) -> None:
    """One after the other."""
    for difference in differences:
        await cells.apply(difference, None)


async def people_by(
    cells: AnyCells,
    by: Callable[[Figure], str | None],
    known_by: date | None = None,
    codes: Codes | None = None,
) -> dict[str, int]:
    """People of the week, in one reading with a question that is not asked for."""
    other = Distinct(PEOPLE, lambda figure: str(figure.day))
    found, _ = await cells.distinct(
        [Distinct(PEOPLE, by, codes), other], wards=None, days=WEEK, known_by=known_by
    )
    return found


class CellContract:
    """Subclasses give the fixtures `cells` and `merges`, a list to which mergers are added."""

    async def test_additions_to_one_figure_add_up(self, cells: AnyCells) -> None:
        await told(cells, visits(2), visits(3), visits(4, known=SUNDAY))

        figures = await cells.read([VISITS], wards=None, days=WEEK)

        assert figures == {Figure("visits", CHO_LON, SATURDAY, ()): 9}

    async def test_figure_is_read_as_known_on_a_day(self, cells: AnyCells) -> None:
        await told(cells, visits(2), visits(-1, known=MONDAY))
        figure = Figure("visits", CHO_LON, SATURDAY, ())

        assert await cells.read([VISITS], wards=None, days=WEEK, known_by=SUNDAY) == {figure: 2}
        assert await cells.read([VISITS], wards=None, days=WEEK, known_by=MONDAY) == {figure: 1}

    async def test_figure_that_came_to_nothing_is_left_out(self, cells: AnyCells) -> None:
        await told(cells, visits(2), visits(-2, known=SUNDAY))

        assert await cells.read([VISITS], wards=None, days=WEEK) == {}
        assert await cells.totals([VISITS], wards=None, days=WEEK) == {}

    async def test_read_keeps_to_wards_days_and_measures(self, cells: AnyCells) -> None:
        await told(
            cells,
            visits(1),
            visits(1, ward=HOA_HUNG),
            visits(1, day=MONDAY),
            visits(1, codes=("etax", "using")),
        )

        found = await cells.read([VISITS], wards=[CHO_LON], days=(SATURDAY, SUNDAY))

        assert found == {Figure("visits", CHO_LON, SATURDAY, ()): 1}

    @pytest.mark.parametrize(
        "codes",
        [("etax", "using"), ("", ""), ("", "x"), ("a.b", "$c"), ("x|y", "~%("), ("(", ")")],
    )
    async def test_codes_come_back_as_they_were(self, cells: AnyCells, codes: Codes) -> None:
        await told(cells, visits(1, codes=codes))

        [figure] = await cells.read([SERVICES], wards=None, days=WEEK)

        assert figure.codes == codes

    async def test_totals_over_months_and_odd_days_are_sums_of_days(self, cells: AnyCells) -> None:
        days = [date(2025, 8, 31), date(2025, 9, 1), date(2025, 9, 30), date(2025, 10, 5), MONDAY]
        await told(cells, *(visits(10**i, day=day, known=MONDAY) for i, day in enumerate(days)))
        total = Total("visits", CHO_LON, ())

        async def over(first: date, last: date, known_by: date | None = None) -> dict[Total, int]:
            return await cells.totals(
                [VISITS], wards=[CHO_LON], days=(first, last), known_by=known_by
            )

        assert await over(days[0], days[-1]) == {total: 11111}
        assert await over(date(2025, 9, 1), date(2025, 9, 30)) == {total: 110}
        assert await over(date(2025, 9, 2), date(2025, 10, 5)) == {total: 1100}
        assert await over(date(2025, 9, 1), date(2025, 10, 31), SUNDAY) == {}

    async def test_member_counts_once_in_a_group_however_wide(self, cells: AnyCells) -> None:
        await told(
            cells,
            people("citizen-1", "citizen-2"),
            people("citizen-1", day=SUNDAY),
            people("citizen-1", ward=HOA_HUNG),
        )

        by_ward = await people_by(cells, by=lambda f: f.ward)
        in_all = await people_by(cells, by=lambda _: "city")
        by_day = await cells.read([PEOPLE], wards=[CHO_LON], days=WEEK)

        assert by_ward == {CHO_LON: 2, HOA_HUNG: 1}
        assert in_all == {"city": 2}
        assert by_day == {
            Figure("people", CHO_LON, SATURDAY, ("all",)): 2,
            Figure("people", CHO_LON, SUNDAY, ("all",)): 1,
        }

    async def test_member_of_a_month_counts_while_any_of_its_days_stands(
        self, cells: AnyCells
    ) -> None:
        october = (date(2025, 10, 1), date(2025, 10, 31))
        days = (SATURDAY, SUNDAY, MONDAY)

        async def in_october() -> int:
            everybody = Distinct(PEOPLE, lambda _: "all")
            [found] = await cells.distinct([everybody], wards=None, days=october, by_day=False)
            return found.get("all", 0)

        await told(cells, *(people("citizen-1", day=day) for day in days))
        standing = [await in_october()]
        for day in days:
            await told(cells, people("citizen-1", amount=-1, day=day, known=MONDAY))
            standing.append(await in_october())

        assert standing == [1, 1, 1, 0]

    async def test_members_under_other_codes_are_left_out(self, cells: AnyCells) -> None:
        await told(cells, people("citizen-1"))

        async def under(*codes: str) -> dict[str, int]:
            return await people_by(cells, by=lambda f: f.ward, codes=codes)

        assert await under("all") == {CHO_LON: 1}
        assert await under("some") == {}

    async def test_member_who_was_taken_back_counts_until_it_was_known(
        self, cells: AnyCells
    ) -> None:
        await told(cells, people("citizen-1"), people("citizen-1", amount=-1, known=MONDAY))

        async def known(day: date | None) -> dict[str, int]:
            return await people_by(cells, by=lambda f: f.ward, known_by=day)

        assert await known(SUNDAY) == {CHO_LON: 1}
        assert await known(MONDAY) == {}
        assert await known(None) == {}

    async def test_member_may_go_and_come_on_one_known_day(self, cells: AnyCells) -> None:
        await told(
            cells,
            people("citizen-1", known=SUNDAY, amount=-1),
            people("citizen-1", known=SATURDAY),
            people("citizen-1", known=SUNDAY, amount=2),
            people("citizen-1", known=SATURDAY, amount=-1),
        )

        assert await people_by(cells, by=lambda f: f.ward) == {CHO_LON: 1}

    async def test_merged_records_are_one_person_from_the_day_it_was_known(
        self, cells: AnyCells, merges: list[Merge]
    ) -> None:
        await told(cells, people("citizen-1", "citizen-2"), people("citizen-3", ward=HOA_HUNG))
        merges += [
            Merge("citizen-1", "citizen-2", SUNDAY),
            Merge("citizen-2", "citizen-3", MONDAY),
        ]

        async def people_known(day: date | None) -> dict[str, int]:
            return await people_by(cells, by=lambda _: "city", known_by=day)

        assert await people_known(SATURDAY) == {"city": 3}
        assert await people_known(SUNDAY) == {"city": 2}
        assert await people_known(None) == {"city": 1}

    async def test_group_of_none_is_left_out(self, cells: AnyCells) -> None:
        await told(cells, people("citizen-1"), people("citizen-2", ward=HOA_HUNG))

        found = await people_by(cells, by=lambda f: f.ward if f.ward == HOA_HUNG else None)

        assert found == {HOA_HUNG: 1}

    async def test_what_is_stored_is_what_was_added(self, cells: AnyCells) -> None:
        added = visits(3).plus(people("citizen-1", "citizen-2", known=SUNDAY))
        await told(cells, added, visits(1, ward=HOA_HUNG))

        assert await cells.stored(CHO_LON, {"citizen-1", "citizen-2"}, None) == added
        assert await cells.wards() == {CHO_LON, HOA_HUNG}

    async def test_members_and_counts_are_not_asked_for_each_other(self, cells: AnyCells) -> None:
        with pytest.raises(ValueError, match="members"):
            await cells.totals([PEOPLE], wards=None, days=WEEK)
        with pytest.raises(ValueError, match="members"):
            await cells.distinct([Distinct(VISITS, lambda f: f.ward)], wards=None, days=WEEK)
