"""What the ids under a label are called, from the facts that set them up."""

from collections.abc import Mapping
from datetime import date

from services.platform.vietnam.wards import RECORDS_BEGIN
from services.reporting.asking.drill_down_query import place_of
from services.reporting.asking.fact_readers import FactReader
from services.reporting.asking.question import Ask
from services.reporting.definitions.label import Label
from services.reporting.definitions.wards import WardsMode, gathered_under
from services.reporting.stores.fact_query import FactQuery, Place

_AT_ONCE = 1_000


async def names(label: Label, ask: Ask, facts: FactReader) -> Mapping[str, str]:
    """Names by id, of those in the wards asked for; none for the whole city."""
    if label.named_by is None or ask.wards is None:
        return {}
    days = (RECORDS_BEGIN, date.max)
    wards = {u for ward in ask.wards for u in gathered_under(ward, WardsMode.TODAY)}
    query = FactQuery(wards, days, (label.named_by,), ask.known_by)
    found: dict[str, str] = {}
    after: Place | None = None
    while page := await facts.page(query, after, _AT_ONCE):
        found |= {fact.event.subject: label.name_in(fact.event) for fact in page}
        after = place_of(page[-1])
    return found
