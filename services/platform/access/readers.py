"""Who may read what, in reporting and notify: one table, which every door asks."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import structlog

from services.platform.problems import FORBIDDEN, Problem

log = structlog.get_logger(__name__)


class Matter(StrEnum):
    """What a route shows, or lets do."""

    TALLY = "tally"
    """What a device sent; in the field its own alone."""
    FIGURES = "figures"
    """Counts, what they counted, budgets: nothing of anybody."""
    PERSONS = "persons"
    """What was sent to whom, known by an id."""
    WORDS = "words"
    """What citizens wrote."""
    OPERATIONS = "operations"
    """Providers, pauses, campaigns: nothing of anybody, and for the whole city alone."""


_WARD = frozenset({"ward", "ward_leader"})
_PERSONS = _WARD | {"centre"}
_STAFF = _PERSONS | {"admin"}
_FIELD = frozenset({"volunteer", "kiosk", "integrator"})
PUBLIC = frozenset({"public"})
"""Everybody, on a machine of one's own whose setting says so."""

READ_BY: Mapping[Matter, frozenset[str]] = MappingProxyType(
    {
        Matter.TALLY: _STAFF | _FIELD | PUBLIC,
        Matter.FIGURES: _STAFF | PUBLIC,
        Matter.PERSONS: _PERSONS | PUBLIC,
        Matter.WORDS: _PERSONS,
        Matter.OPERATIONS: frozenset({"centre", "admin"}),
    }
)
"""An administrator, who makes accounts, reads nobody and no words; the field reads its tally."""


def must_read(role: str, source: str, matter: Matter) -> None:
    """Raises: Problem, and leaves a line of who was turned away."""
    if role not in READ_BY[matter]:
        log.warning("refused read", by=source, role=role, matter=matter.value)
        raise Problem(FORBIDDEN)
