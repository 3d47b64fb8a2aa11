"""What the demo must remember to play the same campaign again: its keys, and what was played.

A second run sends the same events, and an event's `source` names the phone that posted it. So the
phones' tokens are kept: one file a seed, readable by its owner alone, one JSON line a fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import orjson


class Key(NamedTuple):
    """What somebody shows to be let in, and the `source` of what they post."""

    source: str
    secret: str


@dataclass
class Memory:
    """Grows line by line, so that a run that is stopped half way loses nothing."""

    file: Path
    campaign: dict[str, object] = field(default_factory=dict)
    users: dict[str, Key] = field(default_factory=dict)
    phones: dict[str, Key] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path) -> "Memory":
        """As the file says; empty where there is none."""
        memory = cls(file)
        lines = file.read_bytes().splitlines() if file.exists() else []
        for line in lines:
            memory._recall(orjson.loads(line))
        return memory

    def forget(self) -> None:
        """Of a database that is gone."""
        self.file.unlink(missing_ok=True)
        self.campaign, self.users, self.phones = {}, {}, {}

    def play(self, campaign: Mapping[str, object]) -> None:
        """This is what will be played."""
        self._write({"campaign": dict(campaign)})

    def user(self, name: str, key: Key) -> None:
        """A user's password."""
        self._write({"user": name, **key._asdict()})

    def phone(self, name: str, key: Key) -> None:
        """A phone's token."""
        self._write({"phone": name, **key._asdict()})

    def _write(self, line: dict[str, object]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.touch(mode=0o600)
        with self.file.open("ab") as file:
            file.write(orjson.dumps(line) + b"\n")
        self._recall(line)

    def _recall(self, line: dict[str, object]) -> None:
        match line:
            case {"campaign": dict(campaign)}:
                self.campaign = campaign
            case {"user": str(name), "source": str(source), "secret": str(secret)}:
                self.users[name] = Key(source, secret)
            case {"phone": str(name), "source": str(source), "secret": str(secret)}:
                self.phones[name] = Key(source, secret)
            case _:
                return
