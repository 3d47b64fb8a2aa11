"""What a rule asks of a thing that lies in a ward. Pure."""

from datetime import date

from services.events.envelope import Event
from services.platform.problems import PERIOD_REVERSED
from services.registration.subjects.owners import OTHER_WARD, Local
from services.registration.subjects.problems import NOT_YET_KNOWN, Refusal

__all__ = ["OTHER_WARD", "Local", "must_be_known", "must_run_forward"]


def must_be_known(local: Local | None, _: Event) -> None:
    """Raises: Refusal when nothing of this id was recorded before."""
    if local is None:
        raise Refusal(NOT_YET_KNOWN, "/subject")


def must_run_forward(first: date | None, last: date | None, pointer: str) -> None:
    """Raises: Refusal when a period ends before it begins."""
    if first and last and last < first:
        raise Refusal(PERIOD_REVERSED, pointer)
