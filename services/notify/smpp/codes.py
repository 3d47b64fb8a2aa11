"""Numbers of SMPP 3.4 that are used here (sections 5.1.2.1, 5.1.3, 5.2.12, 5.3.2)."""

from enum import IntEnum

RESPONSE = 0x8000_0000
"""The bit that a response adds to the id of its request."""


class Command(IntEnum):
    """What a PDU is."""

    GENERIC_NACK = 0x8000_0000
    BIND_RECEIVER = 0x0000_0001
    BIND_RECEIVER_RESP = 0x8000_0001
    BIND_TRANSMITTER = 0x0000_0002
    BIND_TRANSMITTER_RESP = 0x8000_0002
    SUBMIT_SM = 0x0000_0004
    SUBMIT_SM_RESP = 0x8000_0004
    DELIVER_SM = 0x0000_0005
    DELIVER_SM_RESP = 0x8000_0005
    UNBIND = 0x0000_0006
    UNBIND_RESP = 0x8000_0006
    BIND_TRANSCEIVER = 0x0000_0009
    BIND_TRANSCEIVER_RESP = 0x8000_0009
    ENQUIRE_LINK = 0x0000_0015
    DATA_SM = 0x0000_0103
    DATA_SM_RESP = 0x8000_0103
    ENQUIRE_LINK_RESP = 0x8000_0015

    @property
    def answer(self) -> "Command":
        """The response to this request."""
        return Command(self | RESPONSE)


class Status(IntEnum):
    """The statuses that this side sends or tells apart; others are kept as numbers."""

    OK = 0x00
    INVALID_LENGTH = 0x02
    INVALID_COMMAND = 0x03
    SYSTEM_ERROR = 0x08
    QUEUE_FULL = 0x14
    THROTTLED = 0x58


class Tag(IntEnum):
    """Optional parameters."""

    RECEIPTED_MESSAGE_ID = 0x001E
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


RECEIPT = 0x04
"""esm_class, bits 5-2: a delivery receipt."""
USER_DATA_HEADER = 0x40
"""esm_class, bit 6: the short message begins with a user data header."""
