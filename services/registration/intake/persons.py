"""What intake asks of whoever knows citizens: ids in place of persons."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from services.events.person import Person
from services.platform.problems import Problem


class Identity(NamedTuple):
    """The ids that stand for a person in an event; each only where it could be told."""

    citizen_id: str | None = None
    household_id: str | None = None
    member_id: str | None = None
    certificate: str | None = None


class Candidate(Protocol):
    """A person as keyed hashes, with fresh ids that hold unless one is known already."""

    @property
    def identity(self) -> Identity: ...

    @property
    def set_aside(self) -> Sequence[Problem]:
        """Details in doubt, without which the event stands."""


class PersonIdentifier(Protocol):
    """The citizens' side of intake."""

    def candidate(
        self,
        person: Person,
        ward: str,
        event_id: str,
        wanted: frozenset[str],
        needed: frozenset[str] | None = None,
        *,
        met: bool = True,
    ) -> Candidate:
        """In memory only; only ids named in `wanted`, of which `needed` cannot be done without.

        `met`: at the door, not by an office, which would else give itself a right to whomever it
        names. Raises: Problem when what the event is about has no form.
        """

    async def identify(self, candidates: Sequence[Candidate]) -> list[Identity]:
        """Ids known from before, else the candidates' own, now durable. Raises: Unavailable."""

    async def look_up(self, candidates: Sequence[Candidate]) -> list[Identity]:
        """The same without writing anything, for a dry run."""

    def contact(self, candidate: Candidate, identity: Identity) -> bytes | None:
        """The citizen's contact, encrypted; None where the person gave no phone of their own."""

    async def met_in(self, citizen_id: str) -> frozenset[str]:
        """Codes of the wards whose the citizen is; none where nobody is known by this id."""

    def signature_subject(self, citizen_id: str, ca: str) -> str:
        """The keyed hash under which all states of one signature meet."""
