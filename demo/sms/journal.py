"""What the phones received and answered, as the network in front of them wrote it down."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

DELIVERED, SILENT = "DELIVRD", ""
"""What the network says of an SMS; silent: nothing, ever."""


@dataclass(frozen=True, slots=True)
class Sms:
    """One SMS, all its parts joined."""

    id: str
    number: str
    text: str
    parts: int
    state: str
    """What its receipt says."""
    receipts: int
    """So often that is said."""
    means: str
    """What its citizen answers; empty: nothing."""


@dataclass
class Journal:
    """A file that grows; each look reads what is new."""

    file: Path
    sms: dict[str, Sms] = field(default_factory=dict)
    receipts: Counter[str] = field(default_factory=Counter)
    """Acknowledged, by SMS."""
    answered: dict[str, str] = field(default_factory=dict)
    """What was answered and acknowledged, by SMS."""
    after_refusal: list[Sms] = field(default_factory=list)
    """That came to a number whose refusal notify had acknowledged."""
    _refused: set[str] = field(default_factory=set)
    _read: int = 0

    def look(self) -> None:
        """A line that is not complete yet is left for the next look."""
        with self.file.open("rb") as file:
            file.seek(self._read)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            self._take(orjson.loads(line))

    @property
    def waiting(self) -> int:
        """Receipts and answers on their way."""
        receipts = sum(sms.receipts for sms in self.sms.values()) - self.receipts.total()
        answers = sum(bool(sms.means) for sms in self.sms.values()) - len(self.answered)
        return receipts + answers

    @property
    def repeated(self) -> Iterator[Sms]:
        """Those whose number had the same text before."""
        by_text = defaultdict[tuple[str, str], list[Sms]](list)
        for sms in self.sms.values():
            by_text[sms.number, sms.text].append(sms)
        for same in by_text.values():
            yield from same[1:]

    def _take(self, line: dict[str, object]) -> None:
        id_ = str(line["id"])
        match line["saw"]:
            case "sms":
                sms = Sms(**{name: line[name] for name in Sms.__slots__})  # type: ignore[arg-type]
                self.sms[id_] = sms
                if sms.number in self._refused:
                    self.after_refusal.append(sms)
            case "receipt":
                self.receipts[id_] += 1
            case "answer":
                sms = self.sms[id_]
                self.answered[id_] = sms.means
                if sms.means == "opted_out":
                    self._refused.add(sms.number)
