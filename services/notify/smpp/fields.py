"""The kinds of fields that PDUs are made of, each read and written in one place (section 3.1)."""

from dataclasses import dataclass
from typing import NamedTuple

LONGEST = 64 * 1024
"""Of a whole PDU with its header of 16 octets, in either direction."""
_LONGEST_SHORT_MESSAGE = 254


class Malformed(ValueError):
    """A field does not end where its PDU does, or holds what it cannot."""


class Tlv(NamedTuple):
    """One optional parameter, its value as it came."""

    tag: int
    value: bytes


class Octets:
    """Reads forward through a body; a lenient one takes the end of the body for a missing end."""

    def __init__(self, data: bytes, *, lenient: bool) -> None:
        self._data = data
        self._at = 0
        self.lenient = lenient

    @property
    def left(self) -> int:
        """Octets that nobody has read."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """Raises: Malformed when there are fewer."""
        if count > self.left:
            raise Malformed("the PDU ends within a field")
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, size: int) -> int:
        """An unsigned number, its most significant octet first. Raises: Malformed."""
        return int.from_bytes(self.take(size), "big")

    def string(self) -> bytes:
        """Up to the next zero octet, which is taken too. Raises: Malformed without one."""
        end = self._data.find(b"\0", self._at)
        if end < 0 and not self.lenient:
            raise Malformed("a string without an end")
        if end < 0:
            return self.take(self.left)
        found = self.take(end - self._at)
        self._at += 1
        return found


@dataclass(frozen=True, slots=True)
class CString:
    """A C-octet string; any octets can be read, each as the character of its number."""

    room: int
    """With the zero at its end. What the peer sends may be longer."""

    def write(self, value: str) -> bytes:
        """Raises: Malformed."""
        try:
            octets = value.encode("latin-1")
        except UnicodeEncodeError:
            raise Malformed("a character of more than an octet") from None
        if b"\0" in octets or len(octets) >= self.room:
            raise Malformed(f"a string of more than {self.room - 1} octets, or with a zero in it")
        return octets + b"\0"

    def read(self, octets: Octets) -> str:
        """Raises: Malformed."""
        return octets.string().decode("latin-1")


@dataclass(frozen=True, slots=True)
class Octet:
    """A number of one octet."""

    def write(self, value: int) -> bytes:
        """Raises: Malformed."""
        if not 0 <= value <= 0xFF:
            raise Malformed("a number of more than an octet")
        return bytes((value,))

    def read(self, octets: Octets) -> int:
        """Raises: Malformed."""
        return octets.number(1)


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """A length of one octet, and as many octets."""

    def write(self, value: bytes) -> bytes:
        """Raises: Malformed."""
        if len(value) > _LONGEST_SHORT_MESSAGE:
            raise Malformed(f"a short message of more than {_LONGEST_SHORT_MESSAGE} octets")
        return bytes((len(value),)) + value

    def read(self, octets: Octets) -> bytes:
        """Raises: Malformed."""
        return octets.take(octets.number(1))


@dataclass(frozen=True, slots=True)
class Tlvs:
    """All that is left of a body: optional parameters in the order in which they came."""

    def write(self, value: tuple[Tlv, ...]) -> bytes:
        """Raises: Malformed."""
        if any(not 0 <= tag <= 0xFFFF or len(v) > 0xFFFF for tag, v in value):
            raise Malformed("an optional parameter that is too long")
        return b"".join(tag.to_bytes(2, "big") + len(v).to_bytes(2, "big") + v for tag, v in value)

    def read(self, octets: Octets) -> tuple[Tlv, ...]:
        """Raises: Malformed; a lenient reader keeps what could be read."""
        found: list[Tlv] = []
        try:
            while octets.left:
                tag, length = octets.number(2), octets.number(2)
                found.append(Tlv(tag, octets.take(length)))
        except Malformed:
            if not octets.lenient:
                raise
        return tuple(found)


Kind = CString | Octet | ShortMessage | Tlvs
