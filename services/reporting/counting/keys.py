"""Names of what is judged name: facts are found by them."""

from collections.abc import Iterable
from typing import NamedTuple

from services.reporting.definitions.measure import Fact, Life


class Key(NamedTuple):
    """Names what is judged name: a short history inside a ward, or a subject with a life."""

    ward: str
    """Empty for a life, which may have events everywhere."""
    name: str
    life: Life | None = None

    def holds(self, fact: Fact) -> bool:
        """Whether a fact that was found under a life's key belongs to it."""
        life = self.life
        return (
            life is not None
            and isinstance(fact.event, life.on)
            and self.name in life.subjects(fact)
        )


def keys_of_life(life: Life, fact: Fact) -> set[Key]:
    """The subjects of a life that a fact tells of."""
    return {Key("", subject, life) for subject in life.subjects(fact)}


def linked(key: Key, facts: Iterable[Fact]) -> set[Key]:
    """Keys of the subjects that are one with this one, or once were."""
    if key.life is None:
        return set()
    return {k for fact in facts if key.holds(fact) for k in keys_of_life(key.life, fact)}
