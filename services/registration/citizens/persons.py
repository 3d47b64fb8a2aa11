"""What intake asks of citizens: ids in place of a person, and the contact, sealed."""

from collections.abc import Sequence
from typing import cast

from prometheus_client import Counter

from services.events.person import Person
from services.platform.clock import Clock, utc_now
from services.platform.personal_data.contact_wire import seal_contact
from services.registration.citizens.candidate import Candidates, HashedPerson
from services.registration.citizens.identity import Hasher
from services.registration.citizens.index import Index
from services.registration.citizens.meeting import met_in
from services.registration.citizens.resolve import ResolvedPerson
from services.registration.citizens.rows import RowStore
from services.registration.citizens.vault import Keys, Vault
from services.registration.intake import persons as intake

UNKNOWN_PROVINCES = Counter(
    "citizens_unknown_provinces", "National ids whose first three digits are no province's"
)


class Persons:
    """Whoever calls `identify` hands back what `candidate` made."""

    def __init__(self, rows: RowStore, keys: Keys, clock: Clock = utc_now) -> None:
        self._hasher = Hasher(keys.index)
        self._vault = Vault(keys)
        former = tuple(Hasher(key) for key in keys.former_index)
        self._candidates = Candidates(self._hasher, self._vault, former)
        self._rows = rows
        self._index = Index(rows)
        self._clock = clock

    def candidate(
        self,
        person: Person,
        ward: str,
        event_id: str,
        wanted: frozenset[str],
        needed: frozenset[str] | None = None,
        *,
        met: bool = True,
    ) -> HashedPerson:
        """In memory only; `wanted` names the ids that the event has fields for, `needed` those it
        cannot do without: all of them unless it is told. Raises: Problem."""
        now = self._clock()
        candidate = self._candidates.of(person, ward, event_id, wanted, now, needed, met=met)
        if candidate.unknown_province:
            UNKNOWN_PROVINCES.inc()
        return candidate

    async def identify(self, candidates: Sequence[intake.Candidate]) -> list[intake.Identity]:
        """Ids known from before, else the candidates' own, now durable. Raises: Unavailable."""
        ours = cast(Sequence[HashedPerson], candidates)
        return _settle(ours, await self._index.identify(ours))

    async def look_up(self, candidates: Sequence[intake.Candidate]) -> list[intake.Identity]:
        """The same without writing anything. Raises: Unavailable."""
        ours = cast(Sequence[HashedPerson], candidates)
        return _settle(ours, await self._index.look_up(ours))

    def contact(self, candidate: intake.Candidate, identity: intake.Identity) -> bytes | None:
        """For notify alone; None where the person gave no mobile of their own."""
        ours = cast(HashedPerson, candidate)
        if not (ours.contact and ours.data_key and identity.citizen_id):
            return None
        data_key = self._vault.unwrap(ours.data_key, identity.citizen_id)
        contact = ours.contact.model_copy(update={"formerly": ours.formerly})
        return seal_contact(contact, identity.citizen_id, data_key)

    async def met_in(self, citizen_id: str) -> frozenset[str]:
        """Codes of wards, also those of records merged into this one. Raises: Unavailable."""
        return await met_in(citizen_id, self._rows)

    def signature_subject(self, citizen_id: str, ca: str) -> str:
        """Under which all states of one signature meet."""
        return self._hasher.signature(citizen_id, ca)

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._index.close()


def _settle(
    candidates: Sequence[HashedPerson], people: Sequence[ResolvedPerson]
) -> list[intake.Identity]:
    for candidate, person in zip(candidates, people, strict=True):
        candidate.data_key, candidate.formerly = person.data_key, person.formerly
    return [person.identity for person in people]
