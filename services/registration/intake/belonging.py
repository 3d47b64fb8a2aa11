"""A subject stays in the ward it was first recorded in, also when wards are merged. Pure."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.events.envelope import Event
from services.platform.problems import PERIOD_REVERSED, ProblemKind
from services.platform.wards import successors, ward_at
from services.registration.intake.subject import NOT_YET_KNOWN, Refusal

OTHER_WARD = ProblemKind(
    "other_ward",
    422,
    "Đối tượng này thuộc phường, xã khác. Hãy kiểm tra `ward` và `subject`.",
    "This belongs to another ward. Check `ward` and `subject`.",
)


class Local(BaseModel):
    """State of something that lies in a ward; `ward` is the code that was valid on `since`."""

    model_config = ConfigDict(frozen=True)

    ward: str
    since: date

    def lies_in_ward_of(self, event: Event) -> bool:
        """Whether the event names its ward, or one that its ward has become."""
        first, named = ward_at(self.ward, self.since), ward_at(event.ward, event.day)
        return first is not None and (
            named == first or named in [step.ward for step in successors(first)]
        )


def must_stay_in_ward(local: Local, event: Event) -> None:
    """Raises: Refusal, so that no ward changes what is another's."""
    if not local.lies_in_ward_of(event):
        raise Refusal(OTHER_WARD, "/ward")


def must_be_known(local: Local | None, event: Event) -> None:
    """Raises: Refusal when nothing of this id was recorded before, or in another ward."""
    if local is None:
        raise Refusal(NOT_YET_KNOWN, "/subject")
    must_stay_in_ward(local, event)


def must_run_forward(first: date | None, last: date | None, pointer: str) -> None:
    """Raises: Refusal when a period ends before it begins."""
    if first and last and last < first:
        raise Refusal(PERIOD_REVERSED, pointer)
