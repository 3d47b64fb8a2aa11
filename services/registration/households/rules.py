"""What a visit to a door must say."""

from services.events.codes import VisitOutcome
from services.events.households import HouseholdVisited
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import COORDINATORS, INTEGRATORS, VOLUNTEERS
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import Accepts, Observed

REVISIT_WITHOUT_DAY = ProblemKind(
    "revisit_without_day",
    422,
    "Hẹn quay lại thì phải có ngày hẹn (`revisit_on`), từ ngày đến trở đi.",
    "To come again needs a day (`revisit_on`), not before the visit.",
)
DAY_WITHOUT_REVISIT = ProblemKind(
    "day_without_revisit",
    422,
    "Chỉ ghi ngày hẹn (`revisit_on`) khi kết quả là hẹn quay lại.",
    "Only the outcome `revisit` has a day to come again (`revisit_on`).",
)
MORE_CONVERTED_THAN_PHONES = ProblemKind(
    "more_converted_than_phones",
    422,
    "Số máy đã chuyển đổi nhiều hơn số điện thoại 2G của hộ.",
    "More phones were converted than the household's 2G phones.",
)


def must_agree_with_itself(_: None, event: HouseholdVisited) -> None:
    """The form alone: who stands at a door is never refused for what others recorded."""
    visit = event.data
    if visit.outcome is VisitOutcome.REVISIT:
        if visit.revisit_on is None or visit.revisit_on < event.day:
            raise Refusal(REVISIT_WITHOUT_DAY, "/data/revisit_on")
    elif visit.revisit_on is not None:
        raise Refusal(DAY_WITHOUT_REVISIT, "/data/revisit_on")
    if visit.phones_2g is not None and (visit.converted or 0) > visit.phones_2g:
        raise Refusal(MORE_CONVERTED_THAN_PHONES, "/data/converted")


HOUSEHOLD = Observed(
    accepts={
        HouseholdVisited: Accepts(
            by=VOLUNTEERS | COORDINATORS | INTEGRATORS, check=must_agree_with_itself
        )
    }
)
