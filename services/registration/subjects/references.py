"""What a decided event names: recorded before, and nothing new belongs to what has ended. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.platform.problems import Problem, ProblemKind
from services.registration.subjects.problems import NOT_YET_KNOWN
from services.registration.subjects.subject import Reference

NO_LONGER_STANDS = ProblemKind(
    "no_longer_stands",
    409,
    "Tổ chức, khu phố, ấp hoặc điểm này đã kết thúc trước ngày đó. Hãy chọn nơi đang hoạt động.",
    "This organisation, neighbourhood or point ended before that day. Name one that stands.",
)

Ends = Mapping[tuple[str, str], date | None]
"""The last day of what is known, by (kind, id); None: it has not ended."""


def check_references(references: Iterable[Reference], known: Ends) -> None:
    """Raises: Problem for the first that is not known yet, or that ended too early."""
    for reference in references:
        ends = [known[name] for name in reference.names if name in known]
        if not ends:
            raise Problem(NOT_YET_KNOWN, reference.pointer)
        if not any(_lasts(end, reference.on) for end in ends):
            raise Problem(NO_LONGER_STANDS, reference.pointer)


def _lasts(end: date | None, day: date | None) -> bool:
    return end is None or day is None or day <= end
