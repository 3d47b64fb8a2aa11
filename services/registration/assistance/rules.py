"""What a visit of service must say."""

from services.events.assistance import CitizenAssisted, ServiceGiven
from services.events.codes import MemberKind, Outcome, Service
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import COORDINATORS, INTEGRATORS, KIOSKS, VOLUNTEERS
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import Accepts, Observed

REASON_MISSING = ProblemKind(
    "reason_missing",
    422,
    "Chưa xong thì phải ghi lý do (`reason`).",
    "A service that was not done needs a `reason`.",
)
REASON_WITHOUT_FAILURE = ProblemKind(
    "reason_without_failure",
    422,
    "Chỉ ghi lý do (`reason`) khi kết quả là chưa xong.",
    "Only a service that was not done has a `reason`.",
)
SERVICE_TWICE = ProblemKind(
    "service_twice",
    422,
    "Một dịch vụ chỉ ghi một lần trong một lượt hỗ trợ.",
    "A service stands once in a visit.",
)
ONLY_POLICE_ACTIVATE = ProblemKind(
    "only_police_activate",
    422,
    "Định danh mức 2 do công an cấp xã kích hoạt; người khác chỉ ghi đến mức `understood`.",
    "Commune police alone activate VNeID level 2; others record `understood` at most.",
)


def must_agree_with_itself(_: None, event: CitizenAssisted) -> None:
    """The form alone; who the helper says to be is believed here and doubted in reports."""
    given = event.data.services
    for n, line in enumerate(given):
        at = f"/data/services/{n}"
        if (line.outcome is Outcome.NOT_DONE) and line.reason is None:
            raise Refusal(REASON_MISSING, f"{at}/reason")
        if (line.outcome is not Outcome.NOT_DONE) and line.reason is not None:
            raise Refusal(REASON_WITHOUT_FAILURE, f"{at}/reason")
        if _activates_level_2(line) and event.data.member_kind is not MemberKind.POLICE:
            raise Refusal(ONLY_POLICE_ACTIVATE, f"{at}/outcome")
    if len({line.service for line in given}) < len(given):
        raise Refusal(SERVICE_TWICE, "/data/services")


def _activates_level_2(line: ServiceGiven) -> bool:
    done = (Outcome.CAN_DO, Outcome.USING)
    return line.service is Service.VNEID_LEVEL2 and line.outcome in done


ASSISTANCE = Observed(
    accepts={
        CitizenAssisted: Accepts(
            by=VOLUNTEERS | COORDINATORS | INTEGRATORS | KIOSKS, check=must_agree_with_itself
        )
    }
)
