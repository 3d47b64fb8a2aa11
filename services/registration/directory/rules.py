"""Whether an event's ward existed on its day. Pure."""

from datetime import date

from services.platform.problems import UNKNOWN_WARD, ProblemKind
from services.platform.vietnam.wards import exists, ward_at

WARD_NOT_VALID_THEN = ProblemKind(
    "ward_not_valid_then",
    422,
    "Mã phường, xã này không còn hoặc chưa có hiệu lực vào ngày của sự kiện (mốc 1/7/2025).",
    "This ward did not exist on the day of the event (the wards changed on 1 July 2025).",
)


def ward_problem(code: str, day: date) -> ProblemKind | None:
    """What is wrong with a ward's code on a day in Ho Chi Minh City; None: nothing."""
    if ward_at(code, day):
        return None
    return WARD_NOT_VALID_THEN if exists(code) else UNKNOWN_WARD
