"""What every store of facts does: run on the twin and on MongoDB."""

from datetime import date, timedelta

from services.events.answers import AssistanceDisputed
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.teams import TeamDisbanded, TeamFormed
from services.reporting.counting.keys import Key
from services.reporting.definitions.measure import Fact
from services.reporting.measures.disputes import DISPUTED
from services.reporting.measures.teams import TEAM_LIFE
from services.reporting.stores.fact_query import FactQuery, Position, TimePosition
from services.reporting.stores.fact_store import Facts, KnownFact, Writing, fact_of
from tests.builders import HOA_HUNG, SATURDAY, event
from tests.twins.facts import FactsInMemory

AnyFacts = Facts | FactsInMemory
SUNDAY = date(2025, 10, 12)
CAMPAIGN = (date(2025, 10, 1), date(2025, 10, 31))
HISTORY = Key("27343@2025-07-01", "citizen-1|2025-10-11")


async def keep(facts: AnyFacts, *events: Event, keys: tuple[Key, ...] = ()) -> list[Fact]:
    """New facts, in the order given."""
    kept = [fact_of(one) for one in events]
    await facts.write([Writing(fact, keys, known=False) for fact in kept], {}, None)
    return kept


async def page(
    facts: AnyFacts, after: Position | None = None, limit: int = 100, **query: object
) -> list[str]:
    """Ids of the facts that are asked for."""
    asked = {"wards": None, "days": CAMPAIGN, "types": (CitizenAssisted, HouseholdVisited)}
    found = await facts.page(FactQuery(**{**asked, **query}), after, limit)  # type: ignore[arg-type]
    return [fact.id for fact in found]


class FactContract:
    """Subclasses give the fixture `facts`."""

    async def test_fact_is_found_as_it_was_written(self, facts: AnyFacts) -> None:
        [fact] = await keep(facts, event(CitizenAssisted, citizen_id="citizen-1"))

        known = await facts.find([fact.id, "nobody"], (), None)

        assert known.facts == {fact.id: KnownFact(fact, None)}

    async def test_void_that_came_first_is_known_under_its_targets_id(
        self, facts: AnyFacts
    ) -> None:
        target = fact_of(event(CitizenAssisted))

        await facts.write([], {target.id: SUNDAY}, None)

        assert (await facts.find([target.id], (), None)).facts == {
            target.id: KnownFact(None, SUNDAY)
        }
        assert await facts.wards() == set()
        assert await page(facts) == []

    async def test_target_takes_the_place_of_the_void_that_waited_for_it(
        self, facts: AnyFacts
    ) -> None:
        fact = fact_of(event(CitizenAssisted), voided=SUNDAY)
        await facts.write([], {fact.id: SUNDAY}, None)

        await facts.write([Writing(fact, (), known=True)], {}, None)

        assert (await facts.find([fact.id], (), None)).facts == {fact.id: KnownFact(fact, SUNDAY)}

    async def test_history_holds_the_facts_with_its_key(self, facts: AnyFacts) -> None:
        together = await keep(
            facts, event(CitizenAssisted), event(CitizenAssisted), keys=(HISTORY,)
        )
        await keep(facts, event(CitizenAssisted))
        other = Key("27163@2025-07-01", HISTORY.name)

        histories = (await facts.find((), {HISTORY, other}, None)).histories

        assert histories.keys() == {HISTORY}
        assert sorted(f.id for f in histories[HISTORY]) == [f.id for f in together]

    async def test_subject_with_a_life_has_one_history_over_all_wards(
        self, facts: AnyFacts
    ) -> None:
        key = Key("", "team-1", TEAM_LIFE)
        told = await keep(
            facts, event(TeamFormed), event(TeamDisbanded, ward=HOA_HUNG), keys=(key,)
        )
        await keep(facts, event(CitizenAssisted), keys=(Key("", "team-1", DISPUTED),))

        histories = (await facts.find((), {key}, None)).histories

        assert sorted(f.id for f in histories[key]) == [f.id for f in told]

    async def test_ward_gives_its_facts_and_no_others(self, facts: AnyFacts) -> None:
        [here] = await keep(facts, event(CitizenAssisted))
        await keep(facts, event(CitizenAssisted, ward=HOA_HUNG))

        assert [fact async for fact in facts.of_ward(here.ward, None)] == [here]
        assert [fact async for fact in facts.of_ward(here.ward, None, (CitizenMerged,))] == []
        assert await facts.wards() == {here.ward, "27163@2025-07-01"}

    async def test_unknown_ward_is_kept_under_its_code(self, facts: AnyFacts) -> None:
        await keep(facts, event(CitizenAssisted, ward="99999"))

        assert await facts.wards() == {"99999@unknown"}

    async def test_pages_lead_through_all_facts_by_ward_day_and_id(self, facts: AnyFacts) -> None:
        late = SATURDAY + timedelta(days=1)
        kept = await keep(
            facts,
            event(CitizenAssisted, ward=HOA_HUNG),
            event(CitizenAssisted, at=late),
            *(event(CitizenAssisted) for _ in range(3)),
        )
        in_order = [f.id for f in sorted(kept, key=lambda f: (f.ward, f.day, f.id))]

        seen: list[str] = []
        after: Position | None = None
        while ids := await page(facts, after, limit=2):
            seen += ids
            last = next(f for f in kept if f.id == ids[-1])
            after = Position(last.ward, last.day, last.id)

        assert seen == in_order

    async def test_page_shows_what_stands_as_known_on_a_day(self, facts: AnyFacts) -> None:
        fact = fact_of(event(CitizenAssisted), voided=SUNDAY)
        await facts.write([Writing(fact, (), known=False)], {}, None)

        assert await page(facts) == []
        assert await page(facts, known_by=fact.recorded) == [fact.id]
        assert await page(facts, known_by=SUNDAY) == []
        assert await page(facts, known_by=date(2025, 10, 10)) == []

    async def test_page_keeps_to_what_is_asked(self, facts: AnyFacts) -> None:
        [helped, visited] = await keep(
            facts,
            event(CitizenAssisted, team_id="team-7", groups=["elderly", "worker"]),
            event(HouseholdVisited, neighbourhood_id="khu-pho-1"),
        )

        assert await page(facts, filters={"team": "team-7"}) == [helped.id]
        assert await page(facts, filters={"group": "worker"}) == [helped.id]
        assert await page(facts, filters={"group": "trader"}) == []
        assert await page(facts, filters={"service": "citizen_app"}) == [helped.id]
        assert await page(facts, filters={"neighbourhood": "khu-pho-1"}) == [visited.id]
        assert await page(facts, types=(HouseholdVisited,)) == [visited.id]
        assert await page(facts, wards=["27163@2025-07-01"]) == []
        assert await page(facts, days=(SUNDAY, SUNDAY)) == []

    async def test_disputes_are_told_oldest_first_after_a_moment_and_without_voided_ones(
        self, facts: AnyFacts
    ) -> None:
        late, early, same = await keep(
            facts,
            event(AssistanceDisputed, at=SATURDAY + timedelta(hours=2)),
            event(AssistanceDisputed, ward=HOA_HUNG),
            event(AssistanceDisputed),
        )
        await keep(facts, event(CitizenAssisted))
        voided = fact_of(event(AssistanceDisputed), voided=SUNDAY)
        await facts.write([Writing(voided, (), known=False)], {}, None)

        told = [fact.id for fact in await facts.disputes(None, None, 10)]
        after = [f.id for f in await facts.disputes(None, TimePosition(early.at, early.id), 10)]
        here = [f.id for f in await facts.disputes([late.ward], None, 1)]

        assert told == [early.id, same.id, late.id]
        assert after == [same.id, late.id]
        assert here == [same.id]

    async def test_merges_are_told_with_their_voids(self, facts: AnyFacts) -> None:
        merge = fact_of(
            event(CitizenMerged, citizen_id="citizen-1", merged_id="citizen-2"), voided=SUNDAY
        )
        await facts.write([Writing(merge, (), known=False)], {}, None)

        [told] = await facts.merges()

        assert (told.citizen_id, told.merged_id) == ("citizen-1", "citizen-2")
        assert told.known_by(merge.recorded)
        assert not told.known_by(None)
