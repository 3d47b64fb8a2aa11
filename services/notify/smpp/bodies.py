"""What stands in a PDU behind its header; each class declares the order of its fields once."""

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from services.notify.smpp.fields import (
    LONGEST,
    CString,
    Malformed,
    Octet,
    Octets,
    ShortMessage,
    Tlv,
    Tlvs,
)

B = TypeVar("B")

SMPP_3_4 = 0x34


def _text(room: int, default: str = "") -> str:
    return field(default=default, metadata={"kind": CString(room)})


def _octet(default: int = 0) -> int:
    return field(default=default, metadata={"kind": Octet()})


def _tlvs() -> tuple[Tlv, ...]:
    return field(default=(), metadata={"kind": Tlvs()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """Who we are (4.1.1, 4.1.3, 4.1.5)."""

    system_id: str = _text(16)
    password: str = field(default="", repr=False, metadata={"kind": CString(9)})
    system_type: str = _text(13)
    interface_version: int = _octet(SMPP_3_4)
    addr_ton: int = _octet()
    addr_npi: int = _octet()
    address_range: str = _text(41)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Who they are (4.1.2, 4.1.4, 4.1.6)."""

    system_id: str = _text(16)
    tlvs: tuple[Tlv, ...] = _tlvs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """submit_sm and deliver_sm have one shape (4.4.1, 4.6.1)."""

    service_type: str = _text(6)
    source_addr_ton: int = _octet()
    source_addr_npi: int = _octet()
    source_addr: str = field(default="", repr=False, metadata={"kind": CString(21)})
    dest_addr_ton: int = _octet()
    dest_addr_npi: int = _octet()
    destination_addr: str = field(default="", repr=False, metadata={"kind": CString(21)})
    esm_class: int = _octet()
    protocol_id: int = _octet()
    priority_flag: int = _octet()
    schedule_delivery_time: str = _text(17)
    validity_period: str = _text(17)
    registered_delivery: int = _octet()
    replace_if_present_flag: int = _octet()
    data_coding: int = _octet()
    sm_default_msg_id: int = _octet()
    short_message: bytes = field(default=b"", repr=False, metadata={"kind": ShortMessage()})
    tlvs: tuple[Tlv, ...] = field(default=(), repr=False, metadata={"kind": Tlvs()})

    def tlv(self, tag: int) -> bytes | None:
        """The first of this tag."""
        return next((value for found, value in self.tlvs if found == tag), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """data_sm: another shape for a delivery, its text in a parameter (4.7.1)."""

    service_type: str = _text(6)
    source_addr_ton: int = _octet()
    source_addr_npi: int = _octet()
    source_addr: str = field(default="", repr=False, metadata={"kind": CString(65)})
    dest_addr_ton: int = _octet()
    dest_addr_npi: int = _octet()
    destination_addr: str = field(default="", repr=False, metadata={"kind": CString(65)})
    esm_class: int = _octet()
    registered_delivery: int = _octet()
    data_coding: int = _octet()
    tlvs: tuple[Tlv, ...] = field(default=(), repr=False, metadata={"kind": Tlvs()})

    @property
    def message(self) -> Message:
        """What it says, in the shape of a deliver_sm."""
        return Message(**{f.name: getattr(self, f.name) for f in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The answer to a message (4.4.2, 4.6.2)."""

    message_id: str = _text(65)
    tlvs: tuple[Tlv, ...] = _tlvs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """enquire_link, unbind, their answers, and generic_nack are headers alone."""

    tlvs: tuple[Tlv, ...] = _tlvs()


Body = Bind | Bound | Message | Data | Taken | Empty


def write(body: Body) -> bytes:
    """Raises: Malformed for a value that its field cannot hold."""
    written = b"".join(f.metadata["kind"].write(getattr(body, f.name)) for f in fields(body))
    if len(written) > LONGEST - 16:
        raise Malformed(f"a PDU of more than {LONGEST} octets")
    return written


def read(shape: type[B], data: bytes, *, lenient: bool) -> B:
    """A lenient one is never refused. Raises: Malformed."""
    octets = Octets(data, lenient=lenient)
    values: dict[str, Any] = {
        f.name: f.metadata["kind"].read(octets)
        for f in fields(shape)  # type: ignore[arg-type]  # all bodies are dataclasses
    }
    return shape(**values)
