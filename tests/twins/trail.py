"""What was done to dead letters, in memory."""

from collections.abc import Sequence

from services.messaging.dead_letters.letters import Letter


class TrailTwin:
    def __init__(self) -> None:
        self.acts: list[tuple[str, str, tuple[str, ...]]] = []

    async def record(self, act: str, by: str, letters: Sequence[Letter]) -> None:
        self.acts.append((act, by, tuple(letter.id for letter in letters)))
