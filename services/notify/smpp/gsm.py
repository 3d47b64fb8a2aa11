"""The default alphabet of 3GPP TS 23.038, an octet a septet as SMPP carries it (data_coding 0)."""

_ESCAPE = 0x1B
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_SEPTETS = {letter: bytes((code,)) for code, letter in enumerate(_BASIC) if code != _ESCAPE} | {
    letter: bytes((_ESCAPE, code)) for code, letter in _EXTENDED.items()
}


def septets(letter: str) -> bytes | None:
    """One, or an escape and one; none outside of the alphabet."""
    return _SEPTETS.get(letter)


def decode(octets: bytes) -> str:
    """Any octets; what is unknown in the extension table is read in the basic one (6.2.1.1)."""
    found, escaped = [], False
    for code in octets:
        if code == _ESCAPE:
            escaped = True
            continue
        found.append(_letter(code, escaped))
        escaped = False
    return "".join(found)


def _letter(code: int, escaped: bool) -> str:
    if code >= len(_BASIC):
        return "\ufffd"
    return _EXTENDED.get(code, _BASIC[code]) if escaped else _BASIC[code]
