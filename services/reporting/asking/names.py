"""What the ids under a label are called, from the facts that set them up."""

from collections.abc import Mapping
from datetime import date

from services.platform.vietnam.wards import RECORDS_BEGIN
from services.reporting.asking.drill_down_query import position_of
from services.reporting.asking.fact_readers import FactReader
from services.reporting.asking.question import Question
from services.reporting.definitions.label import Label
from services.reporting.definitions.wards import WardsMode, gathered_under
from services.reporting.stores.fact_query import FactQuery, Position

_AT_ONCE = 1_000


async def names(label: Label, question: Question, facts: FactReader) -> Mapping[str, str]:
    """Names by id, of those in the wards asked for; none for the whole city."""
    if label.named_by is None or question.wards is None:
        return {}
    days = (RECORDS_BEGIN, date.max)
    wards = {u for ward in question.wards for u in gathered_under(ward, WardsMode.TODAY)}
    query = FactQuery(wards, days, (label.named_by,), question.known_by)
    found: dict[str, str] = {}
    after: Position | None = None
    while page := await facts.page(query, after, _AT_ONCE):
        found |= {fact.event.subject: label.name_in(fact.event) for fact in page}
        after = position_of(page[-1])
    return found
