"""What a poster hears of each event."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import BaseModel

from services.platform.http.app import Sentence
from services.platform.problems import Problem


class ResultKind(StrEnum):
    """Accepted and duplicate are both a success: the event is safe."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A detail in doubt, without which the event was recorded."""

    code: str
    pointer: str
    message: Sentence

    @classmethod
    def of(cls, problem: Problem) -> Self:
        kind = problem.kind
        return cls(kind.code, problem.pointer, Sentence(vi=kind.vi, en=kind.en))

    def document(self) -> dict[str, object]:
        """As it is answered."""
        return {"code": self.code, "pointer": self.pointer, "message": self.message.model_dump()}


@dataclass(frozen=True, slots=True)
class Result:
    """One event's outcome, in the order posted; `id` is empty where none could be read."""

    id: str
    result: ResultKind
    code: str | None = None
    pointer: str | None = None
    message: Sentence | None = None
    retryable: bool | None = None
    set_aside: tuple[SetAside, ...] = ()

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
        if self.set_aside:
            said["set_aside"] = [detail.document() for detail in self.set_aside]
        return said


class Results(BaseModel):
    """`servertime` lets a phone keep its clock's offset with the next events."""

    results: list[Result]
    servertime: str


def succeeded(event_id: str, kind: ResultKind, set_aside: Sequence[Problem] = ()) -> Result:
    """Accepted or duplicate, perhaps without a detail in doubt."""
    return Result(event_id, kind, set_aside=tuple(map(SetAside.of, set_aside)))


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
