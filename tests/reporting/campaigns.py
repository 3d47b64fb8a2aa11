"""Small invented campaigns that Hypothesis shrinks: few wards, people and days, many collisions.

What meets follows from the measures: a campaign tells of what one or two of them look at, some
citizens are merged, and some of it all is voided.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import cycle
from random import Random

from hypothesis import strategies as st

from services.events.citizens import CitizenMerged
from services.events.envelope import Event
from services.events.registry import type_name
from services.reporting.definitions.measure import Measure
from services.reporting.measures import MEASURES
from tests.any_event import LAST_OLD_EVENING, any_event
from tests.builders import CHO_LON, SAI_GON, void

A_SPLIT_WARD = "26746"
NOBODY_KNOWS = "99999"
WARDS = (CHO_LON, SAI_GON, A_SPLIT_WARD, NOBODY_KNOWS)
"""The second names one unit before 1 July 2025 and another one after."""
SEEDS = 1_800


def campaigns(measures: Sequence[Measure] = MEASURES) -> st.SearchStrategy[list[Event]]:
    """Any campaign of what some of the measures look at."""
    return st.randoms(use_true_random=False).map(lambda chance: campaign(chance, measures))


def seeded_campaigns(measures: Sequence[Measure] = MEASURES) -> Iterator[list[Event]]:
    """The same ones in every run; of what some of the measures look at, each type in its turn."""
    types = sorted({one for measure in measures for one in measure.on}, key=type_name)
    turns = zip(range(SEEDS), cycle(types), strict=False)
    return (campaign(Random(number), measures, surely=(turn,)) for number, turn in turns)


def campaign(
    chance: Random, measures: Sequence[Measure] = MEASURES, surely: Sequence[type[Event]] = ()
) -> list[Event]:
    """Events and voids of some, a few of them twice, recorded before or after their targets."""
    looked_at = list(dict.fromkeys(measure.on for measure in measures))
    told = [chance.choice(looked_at) for _ in range(chance.randint(1, 2))]
    wards = [chance.choice(WARDS) for _ in range(chance.randint(1, 2))]

    def tell(event_class: type[Event]) -> Event:
        return any_event(event_class, chance.choice(wards), chance)

    events = [tell(chance.choice(chance.choice(told))) for _ in range(chance.randint(1, 14))]
    events += [tell(event_class) for event_class in surely]
    mergers = [tell(CitizenMerged) for _ in range(chance.randint(0, 2))]
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
