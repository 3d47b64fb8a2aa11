"""Records as MongoDB keeps them."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from services.platform.mongo import Document

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def to_document(record: "DataclassInstance") -> Document:
    """`id` is the document's `_id`."""
    found = asdict(record)
    return {"_id": found.pop("id"), **found}


def fields(document: Document) -> dict[str, Any]:
    """What a record is made of; lists are tuples there."""
    found = {k: tuple(v) if isinstance(v, list) else v for k, v in document.items()}
    return {"id": found.pop("_id"), **found}
