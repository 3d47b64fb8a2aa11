"""When a figure counts as reached."""

import pytest

from bench.figure import TARGETS, Figure


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("intake_c1", value=300), True),
        (Figure("intake_c1", value=299), False),
        (Figure("intake_c1", value=299, floor=400), False),
        (Figure("intake_c1", value=240, floor=300), True),
        (Figure("fresh_p50_ms", value=60), True),
        (Figure("fresh_p50_ms", value=61, floor=40), False),
        (Figure("fresh_p50_ms", value=100, floor=90), True),
        (Figure("intake_c1_mix", value=1), None),
    ],
    ids=str,
)
def test_target_is_met_or_on_a_slow_day_most_of_what_the_bare_parts_reach(
    figure: Figure, met: bool | None
) -> None:
    assert figure.met is met


def test_figure_is_written_as_results_json_promises() -> None:
    assert Figure("drain", value=2_000.04, floor=4_000).row() == {
        "name": "drain",
        "value": 2_000.0,
        "unit": "events/s",
        "floor": 4_000,
        "ratio": 0.5,
        "target": 4_000,
        "met": False,
    }


def test_every_figure_that_is_asked_for_has_a_name() -> None:
    asked = "intake_c1 intake_c8 intake_c32 intake_batch100 sustained_c32 sustained_batch100"
    rest = "drain fresh_p50_ms fresh_p99_ms projection idle_rss_mb"

    assert {*asked.split(), *rest.split()} <= TARGETS.keys()
