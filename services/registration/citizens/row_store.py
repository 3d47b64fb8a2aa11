"""Rows, aliases and mergers of the index as MongoDB keeps them."""

from datetime import UTC, datetime

from pymongo import UpdateOne

from services.platform.mongo import Document
from services.registration.citizens.identity import Kind
from services.registration.citizens.rows import Alias, IndexRow, Merger, Repoint

LONG_AGO = datetime.fromtimestamp(0, UTC)


def document_of(row: IndexRow) -> Document:
    """As MongoDB keeps it; what is absent is left out."""
    return {
        "_id": row.hash,
        "kind": row.kind.value,
        "to": row.to,
        "ward": row.ward,
        "key_id": row.key_id,
        "at": row.at,
        "used_by": row.used_by,
        **({"home": row.home} if row.home else {}),
        **({"addresses": row.addresses} if row.addresses else {}),
        **({"former": row.former} if row.former else {}),
        **({"met": row.met} if row.met is not None else {}),
        **({"names": list(row.names)} if row.names else {}),
        **({"seen_at": row.seen_at} if row.seen_at else {}),
        **sealed_of(row),
    }


def sealed_of(row: IndexRow) -> Document:
    """What lies in a row under the master key."""
    sealed = {"data_key": row.data_key, "hint": row.hint, "home_key": row.home_key}
    return {name: value for name, value in sealed.items() if value}


def row_of(document: Document) -> IndexRow:
    """The row that it keeps."""
    fields = dict(document)
    used_by, kind = tuple(fields.pop("used_by", ())), Kind(fields.pop("kind"))
    addresses, names = tuple(fields.pop("addresses", ())), tuple(fields.pop("names", ()))
    met = tuple(fields.pop("met")) if "met" in fields else None
    return IndexRow(
        hash=fields.pop("_id"),
        kind=kind,
        used_by=used_by,
        addresses=addresses,
        names=names,
        met=met,
        **fields,
    )


def alias_of(document: Document) -> Alias:
    """Where a merged record leads."""
    return Alias(document["_id"], document["to"], document.get("data_key"))


def merger_of(document: Document) -> Merger:
    """A void that came first tells neither when nor into which record."""
    return Merger(
        event_id=document["_id"],
        merged_id=document["merged_id"],
        surviving_id=document.get("kept_id", ""),
        at=document.get("at", LONG_AGO),
        voided=document.get("voided", False),
    )


def repointing(change: Repoint) -> UpdateOne:
    """Of a row that still leads where it led when it was read."""
    told: Document = {
        "to": change.to,
        "data_key": change.data_key,
        "home": change.home,
        "home_key": change.home_key,
    }
    if change.names is not None:
        told["names"] = list(change.names)
    there = {name: value for name, value in told.items() if value}
    gone = {name: "" for name in ("home", "home_key", *_of_owner(change)) if name not in there}
    update: Document = {"$set": there} | ({"$unset": gone} if gone else {})
    return UpdateOne({"_id": change.hash, "to": change.was}, update)


def _of_owner(change: Repoint) -> tuple[str, ...]:
    return () if change.names is None else ("names", "seen_at")
