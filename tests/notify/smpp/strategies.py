"""Any PDU that can be written."""

from typing import Any

from hypothesis import strategies as st

from services.notify.smpp.bodies import Bind, Body, Bound, Data, Empty, Message, Taken
from services.notify.smpp.codes import Command
from services.notify.smpp.fields import Tlv
from services.notify.smpp.pdu import Pdu

octets = st.integers(0, 0xFF)
tlvs = st.lists(st.builds(Tlv, st.integers(0, 0xFFFF), st.binary(max_size=300)), max_size=4).map(
    tuple
)


def strings(room: int) -> st.SearchStrategy[str]:
    """C-octet strings, the longest ones too."""
    return st.text(st.characters(min_codepoint=1, max_codepoint=0xFF), max_size=room - 1)


def bodies(command: Command) -> st.SearchStrategy[Body]:
    name = command.name
    if name.startswith("BIND"):
        return bounds if name.endswith("RESP") else binds
    if command is Command.DATA_SM:
        return datas
    if name.endswith("SM"):
        return messages
    return takens if name.endswith("SM_RESP") else empties


binds = st.builds(
    Bind,
    system_id=strings(16),
    password=strings(9),
    system_type=strings(13),
    interface_version=octets,
    addr_ton=octets,
    addr_npi=octets,
    address_range=strings(41),
)
bounds = st.builds(Bound, system_id=strings(16), tlvs=tlvs)
takens = st.builds(Taken, message_id=strings(65), tlvs=tlvs)
empties = st.builds(Empty, tlvs=tlvs)
_numbers: dict[str, Any] = dict.fromkeys(
    (
        "source_addr_ton",
        "source_addr_npi",
        "dest_addr_ton",
        "dest_addr_npi",
        "esm_class",
        "protocol_id",
        "priority_flag",
        "registered_delivery",
        "replace_if_present_flag",
        "data_coding",
        "sm_default_msg_id",
    ),
    octets,
)
messages = st.builds(
    Message,
    **_numbers,
    service_type=strings(6),
    source_addr=strings(21),
    destination_addr=strings(21),
    schedule_delivery_time=strings(17),
    validity_period=strings(17),
    short_message=st.binary(max_size=254),
    tlvs=tlvs,
)
datas = st.builds(
    Data,
    source_addr_ton=octets,
    source_addr_npi=octets,
    dest_addr_ton=octets,
    dest_addr_npi=octets,
    esm_class=octets,
    registered_delivery=octets,
    data_coding=octets,
    service_type=strings(6),
    source_addr=strings(65),
    destination_addr=strings(65),
    tlvs=tlvs,
)


@st.composite
def pdus(draw: st.DrawFn) -> Pdu:
    command = draw(st.sampled_from(Command))
    sequence = draw(st.integers(0, 0xFFFFFFFF))
    status = draw(st.integers(0, 0xFFFFFFFF))
    return Pdu(command, sequence, draw(bodies(command)), status)
