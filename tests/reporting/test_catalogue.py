"""Labels, measures and reports say what they are; nothing else has to be told of them."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from services.events.assistance import CitizenAssisted
from services.events.codes import Group, Service
from services.events.households import HouseholdVisited
from services.reporting.catalogue import Catalogue
from services.reporting.definitions.cell_selector import select
from services.reporting.definitions.filters import FILTERS
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import SERVICE, WARD
from services.reporting.definitions.measure import Measure, count
from services.reporting.definitions.number import Number, each
from services.reporting.definitions.report import Report
from services.reporting.measures.visits import VISITS
from services.reporting.reports.numbers import VISITS_OF_SERVICE
from tests.builders import CHO_LON, HOA_HUNG, event
from tests.reporting.desk import BASE, Desk, Json, open_desk
from tests.reporting.toy import WITH_TOYS
from tests.reporting.toy.measures.devices_at_home import DEVICES_AT_HOME

OF_OVERLAPS = [
    measure
    for measure in WITH_TOYS.measures
    if not measure.one_at_a_time and not all(label.adds_up for label in measure.labels)
]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The report API with a measure and a report more, each a file that nothing names."""
    async with open_desk(catalogue=WITH_TOYS) as opened:
        await opened.tell(
            event(HouseholdVisited, smart_devices=2, phones_2g=1),
            event(HouseholdVisited, smart_devices=1, phones_2g=0, ward=HOA_HUNG),
            event(HouseholdVisited, smart_devices=0, phones_2g=0),
        )
        yield opened


async def document(desk: Desk) -> Json:
    found: Json = (await desk.http.get("/openapi.json")).json()
    return found


def parameters(found: Json, path: str) -> dict[str, Json]:
    operation = found["paths"][f"{BASE}/{path}"]["get"]
    return {one["name"]: one["schema"] for one in operation["parameters"]}


async def test_a_new_report_is_listed_and_answers_under_the_names_of_its_codes(desk: Desk) -> None:
    listed = (await desk.get("reports")).json()
    answered = await desk.report("devices_at_home")

    assert "devices_at_home" in {report["report"] for report in listed}
    assert answered["by"] == ["device_sort"]
    rows = {row["group"]["codes"][0]["name"]["vi"]: row["figures"] for row in answered["rows"]}
    assert rows["Thiết bị thông minh"]["visits_with"] == rows["Thiết bị thông minh"]["with_smart"]
    assert {name: figures["visits_with"] for name, figures in rows.items()} == {
        "Thiết bị thông minh": 2,
        "Máy 2G": 1,
    }


async def test_a_new_report_is_documented_with_all_that_it_can_be_asked(desk: Desk) -> None:
    found = await document(desk)

    row = found["components"]["schemas"]["DevicesAtHomeRow"]
    assert list(row["properties"]) == ["doors", "visits_with", "with_smart", "with_phone_2g"]
    assert row["properties"]["with_phone_2g"]["description"] == "2G phone: Máy 2G"
    assert "device_sort" in parameters(found, "reports/devices_at_home")["by"]["items"]["enum"]
    facts = parameters(found, "facts")
    assert "devices_at_home" in facts["measure"]["enum"]
    assert "device_sort" in facts["of"]["enum"]


async def test_each_number_of_a_new_report_opens(desk: Desk) -> None:
    answered = await desk.report("devices_at_home", by="ward")

    infos = {info["figure"]: info["opens"]["in_rows"] for info in answered["figures"]}
    here = next(r for r in answered["rows"] if r["group"]["ward"]["code"] == CHO_LON)
    for figure in ("doors", "with_smart", "with_phone_2g"):
        opened = await desk.opened(here["facts"] + infos[figure], limit=1)
        assert opened == here["figures"][figure], figure


async def test_overlapping_groups_are_never_added_up(desk: Desk) -> None:
    by_ward = await desk.report("devices_at_home", by="ward")

    figures = by_ward["total"]["figures"]
    assert (figures["visits_with"], figures["with_smart"], figures["with_phone_2g"]) == (None, 2, 1)
    assert await desk.problem("facts", measure=DEVICES_AT_HOME.name) == (422, "unknown_code")


@pytest.mark.parametrize("measure", OF_OVERLAPS, ids=lambda measure: measure.name)
def test_no_measure_is_summed_over_a_label_that_does_not_add_up(measure: Measure) -> None:
    apart = [label for label in measure.labels if not label.adds_up]
    others = [label for label in measure.labels if label.adds_up]

    assert select(measure, {}, apart)
    assert select(measure, {}, others) is None
    assert select(measure, {}, ()) is None


def test_a_citizen_of_two_groups_and_a_visit_of_two_services_are_among_them() -> None:
    names = {measure.name for measure in OF_OVERLAPS}

    assert names >= {"visits_to_group", "visits_with_service", "services_to_group", "teams"}


async def test_each_filter_is_a_parameter_of_every_report(desk: Desk) -> None:
    found = await document(desk)

    for report in WITH_TOYS.reports.values():
        offered = parameters(found, f"reports/{report.name}")
        assert FILTERS.keys() <= offered.keys()
    assert offered["service"]["enum"] == list(Service)
    assert offered["group"]["enum"] == list(Group)


def test_one_name_of_a_label_means_one_thing() -> None:
    other = count("other", (Label("service", Group),), CitizenAssisted)

    with pytest.raises(ValueError, match="two labels are called service"):
        Catalogue((*WITH_TOYS.measures, other), {})
    assert Catalogue((VISITS, count("apart", (SERVICE.overlapping,), CitizenAssisted)), {})


def test_a_number_of_what_its_measure_does_not_tell_is_refused() -> None:
    with pytest.raises(ValueError, match="has no service"):
        Number("visits", "", "", (VISITS,), only={SERVICE: "etax"})
    with pytest.raises(ValueError, match="tells no service apart"):
        Number("visits", "", "", (VISITS,), of=SERVICE)


def test_a_report_that_says_a_figure_twice_or_is_by_what_none_has_is_refused() -> None:
    report = WITH_TOYS.reports["people"]

    with pytest.raises(ValueError, match="two figures are called visits"):
        replace(report, figures=(VISITS_OF_SERVICE, VISITS_OF_SERVICE))
    with pytest.raises(ValueError, match="no figure has the label of_nobody"):
        replace(report, by=(Label("of_nobody"),))


def test_a_number_for_each_code_is_called_as_the_code_is() -> None:
    groups = Label("group", Group)
    helped = count("helped", (groups,), CitizenAssisted)

    numbers = each(helped, groups, name="to_{}", names={Group.ELDERLY: "to_old"}, vi="Giúp {}")

    assert [number.name for number in numbers[:2]] == ["to_household", "to_old"]
    assert [number.vi for number in numbers[:2]] == ["Giúp hộ dân", "Giúp người lớn tuổi"]
    assert Report("helped", "", "", "One.", numbers, by=(WARD,)).row.model_fields.keys() == {
        number.name for number in numbers
    }
