"""What a poster hears of each event."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from services.platform.http import Sentence
from services.platform.problems import Problem


class ResultKind(StrEnum):
    """Accepted and duplicate are both a success: the event is safe."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Result:
    """One event's outcome, in the order posted; `id` is empty where none could be read."""

    id: str
    result: ResultKind
    code: str | None = None
    pointer: str | None = None
    message: Sentence | None = None
    retryable: bool | None = None

    def document(self) -> dict[str, object]:
        """As it is answered: what does not apply is left out."""
        said: dict[str, object] = {"id": self.id, "result": self.result}
        if self.message:
            said |= {
                "code": self.code,
                "pointer": self.pointer,
                "message": self.message.model_dump(),
                "retryable": self.retryable,
            }
        return said


class Results(BaseModel):
    """`servertime` lets a phone keep its clock's offset with the next events."""

    results: list[Result]
    servertime: str


def succeeded(event_id: str, kind: ResultKind) -> Result:
    """Accepted or duplicate."""
    return Result(event_id, kind)


def refused(event_id: str, kind: ResultKind, problem: Problem) -> Result:
    """Rejected or conflicting, with what to do."""
    return Result(
        id=event_id,
        result=kind,
        code=problem.kind.code,
        pointer=problem.pointer,
        message=Sentence(vi=problem.vi, en=problem.en),
        retryable=problem.kind.retryable,
    )
