"""What figures are told apart by: a label, the codes it may have, and what these are called."""

from typing import Any, Self

from services.events.codes import Code
from services.events.envelope import Event

NOT_SAID = "Không rõ", "Not said"


class Label(str):
    """A label is its name, as the API writes it.

    `codes`: the closed list of its codes; without one it holds ids or words of their own.
    `named_by`: the event that says, as `data.name`, what its subject is called.
    """

    __slots__ = ("adds_up", "codes", "named_by")
    codes: type[Code] | None
    adds_up: bool
    """Whether a thing counts under one code alone; else codes overlap, or are of different kinds,
    and are never summed."""
    named_by: type[Event] | None

    def __new__(
        cls,
        name: str,
        codes: type[Code] | None = None,
        *,
        adds_up: bool = True,
        named_by: type[Event] | None = None,
    ) -> Self:
        label = super().__new__(cls, name)
        label.codes, label.adds_up, label.named_by = codes, adds_up, named_by
        return label

    def name_in(self, event: Event) -> str:
        """What an event of `named_by` calls its subject."""
        data: Any = event.data
        return str(data.name)

    @property
    def overlapping(self) -> "Label":
        """The same where one thing counts under several of its codes."""
        return Label(self, self.codes, adds_up=False, named_by=self.named_by)

    def knows(self, code: str) -> bool:
        """Whether a code can stand under it; an empty one says that nothing was said."""
        return self.codes is None or not code or code in list(self.codes)

    def name_of(self, code: str) -> tuple[str, str]:
        """What a code is called: in Vietnamese, in English."""
        if not code:
            return NOT_SAID
        if self.codes is None or not self.knows(code):
            return code, code
        return self.codes(code).vi, self.codes(code).en
