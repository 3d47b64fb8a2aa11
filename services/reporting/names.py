"""What neighbourhoods and teams are called, from the facts that set them up."""

from collections.abc import Mapping
from datetime import date

from services.events.envelope import Event
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.teams import TeamFormed
from services.platform.vietnam.wards import RECORDS_BEGIN
from services.reporting.ask import Ask
from services.reporting.drill_down import FactReader
from services.reporting.fact_query import FactQuery, Place
from services.reporting.wards import WardsMode, gathered_under

_SET_UP: dict[str, type[Event]] = {"neighbourhood": NeighbourhoodRegistered, "team": TeamFormed}
_AT_ONCE = 1_000


async def names(label: str, ask: Ask, facts: FactReader) -> Mapping[str, str]:
    """Names by id, of those in the wards asked for; none for the whole city."""
    if label not in _SET_UP or ask.wards is None:
        return {}
    days = (RECORDS_BEGIN, date.max)
    wards = {u for ward in ask.wards for u in gathered_under(ward, WardsMode.TODAY)}
    query = FactQuery(wards, days, (_SET_UP[label],), ask.known_by)
    found: dict[str, str] = {}
    after: Place | None = None
    while page := await facts.page(query, after, _AT_ONCE):
        for fact in page:
            event = fact.event
            if isinstance(event, NeighbourhoodRegistered | TeamFormed):
                found[event.subject] = event.data.name
        after = Place(page[-1].ward, page[-1].day, page[-1].id)
    return found
