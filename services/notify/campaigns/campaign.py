"""One campaign from its draft to its end: a pure state machine."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notify.codec import Table


class Stage(StrEnum):
    """How far a campaign is."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is sent to whom, and who answers for it."""

    id: str
    title: str
    """For those who run it; no citizen reads it."""
    text: str
    """Without mark and way to refuse, which are added."""
    wards: tuple[str, ...]
    """Of the citizens who are invited; empty: all."""
    until: datetime
    """After that nobody is invited any more."""
    pace_a_minute: int
    made_by: str
    made_at: datetime
    stage: Stage = Stage.DRAFT
    approved_by: str | None = None
    approved_at: datetime | None = None
    reached: str = ""
    """The citizen up to whom the audience has been gone through, in the order of ids."""
    queued: int = 0


CAMPAIGNS = Table("campaigns", Campaign)
