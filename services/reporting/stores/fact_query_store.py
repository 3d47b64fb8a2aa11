"""Which facts are asked for, as MongoDB's queries."""

from collections.abc import Collection
from datetime import date

from services.events.registry import type_name
from services.platform.mongo import Document
from services.reporting.definitions.filters import FILTERS
from services.reporting.stores.fact_query import FactQuery, Position, TimePosition


def asked(query: FactQuery, after: Position | None) -> Document:
    """The standing facts of a query after a place."""
    wanted: Document = {
        "day": {"$gte": str(query.days[0]), "$lte": str(query.days[1])},
        "type": {"$in": [type_name(event_class) for event_class in query.types]},
        **{FILTERS[name].stored: code for name, code in query.filters.items()},
    }
    parts = [wanted, _standing(query.known_by)]
    if query.wards is not None:
        since = after.ward if after else ""
        wanted["ward"] = {"$in": sorted(ward for ward in query.wards if ward >= since)}
    if after:
        day = str(after.day)
        parts.append(
            {
                "$or": [
                    {"ward": after.ward, "day": day, "_id": {"$gt": after.id}},
                    {"ward": after.ward, "day": {"$gt": day}},
                    {"ward": {"$gt": after.ward}},
                ]
            }
        )
    return {"$and": parts}


def oldest(type_: str, wards: Collection[str] | None, after: TimePosition | None) -> Document:
    """The standing facts of a type after a moment."""
    query: Document = {"type": type_, **_standing(None)}
    if wards is not None:
        query["ward"] = {"$in": sorted(wards)}
    if after:
        later: Document = {"at": {"$gt": after.at}}
        query["$or"] = [{"at": after.at, "_id": {"$gt": after.id}}, later]
    return query


def _standing(known_by: date | None) -> Document:
    if known_by is None:
        return {"voided": None}
    day = str(known_by)
    return {"recorded": {"$lte": day}, "$or": [{"voided": None}, {"voided": {"$gt": day}}]}
