"""Small invented campaigns that Hypothesis shrinks: few wards, people and days, many collisions.

What meets follows from the measures: a campaign tells of what one to three of them look at, with
all that any measure judges together with it; some citizens are merged, and some of it is voided.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from random import Random

from hypothesis import strategies as st

from services.events.citizens import CitizenMerged
from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.registry import EVENT_CLASSES, type_name
from services.reporting.measure import Measure
from services.reporting.measures import MEASURES
from tests.any_event import LAST_OLD_EVENING, any_event
from tests.builders import CHO_LON, SAI_GON, void

A_SPLIT_WARD = "26746"
NOBODY_KNOWS = "99999"
WARDS = (CHO_LON, SAI_GON, A_SPLIT_WARD, NOBODY_KNOWS)
"""The second names one unit before 1 July 2025 and another one after."""
SEEDS = 1_000
Family = Sequence[type[Event]]


def families(measures: Iterable[Measure]) -> Mapping[type[Event], Family]:
    """Each class, but voids, with all that measures judge together with it."""
    found: list[set[type[Event]]] = [{one} for one in EVENT_CLASSES if one is not EventVoided]
    for on in (set(measure.on) for measure in measures if not measure.alone):
        met = [family for family in found if family & on]
        found = [family for family in found if family not in met] + [set().union(*met)]
    return {one: sorted(family, key=type_name) for family in found for one in family}


FAMILY = families(MEASURES)
LOOKED_AT = [*(measure.on for measure in MEASURES), *[tuple(FAMILY)] * len(MEASURES)]
"""What a measure looks at as often as anything."""


def campaigns() -> st.SearchStrategy[list[Event]]:
    """Any campaign."""
    return st.randoms(use_true_random=False).map(campaign)


@cache
def seeded_campaigns() -> list[list[Event]]:
    """The same ones in every run."""
    return [campaign(Random(number)) for number in range(SEEDS)]


def campaign(chance: Random) -> list[Event]:
    """Events and voids of some, a few of them twice, recorded before or after their targets."""
    looked_at = [chance.choice(chance.choice(LOOKED_AT)) for _ in range(chance.randint(1, 3))]
    wards = [chance.choice(WARDS) for _ in range(chance.randint(1, 3))]

    def told(event_class: type[Event]) -> Event:
        return any_event(event_class, chance.choice(wards), chance)

    classes = [
        chance.choice(FAMILY[chance.choice(looked_at)]) for _ in range(chance.randint(1, 12))
    ]
    events = [told(event_class) for event_class in classes]
    mergers = [told(CitizenMerged) for _ in range(chance.randint(0, 2))]
    targets = [chance.choice([*events, *mergers]) for _ in range(chance.randint(0, 3))]
    targets += [merger for merger in mergers if chance.randint(0, 2) == 0]
    return [*events, *mergers, *(_voided(target, chance) for target in targets)]


def _voided(target: Event, chance: Random) -> Event:
    assert target.recordedtime
    at = target.recordedtime + timedelta(hours=chance.randint(-60, 60))
    return void(target, at=max(at, LAST_OLD_EVENING))


@st.composite
def deliveries(draw: st.DrawFn, events: list[Event]) -> list[list[Event]]:
    """The events as a broker may bring them: in any order, some again, cut into batches."""
    again = draw(st.lists(st.sampled_from(events), max_size=6))
    brought = draw(st.permutations([*events, *again]))
    cuts = sorted(draw(st.lists(st.integers(0, len(brought)), max_size=5)))
    return [brought[a:b] for a, b in zip([0, *cuts], [*cuts, len(brought)], strict=True)]
