"""The default alphabet of 3GPP TS 23.038, an octet a septet as SMPP carries it (data_coding 0)."""

ESCAPE = 0x1B
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
_LETTERS = frozenset(_BASIC.replace("\x1b", "")).union(_EXTENDED.values())
_OCTETS: dict[int, int | str] = {
    ord(letter): code for code, letter in enumerate(_BASIC) if code != ESCAPE
} | {ord(letter): chr(ESCAPE) + chr(code) for code, letter in _EXTENDED.items()}


def encode(text: str) -> bytes | None:
    """A letter is an octet, or an escape and one; none where one is outside of the alphabet."""
    if not _LETTERS.issuperset(text):
        return None
    return text.translate(_OCTETS).encode("latin-1")


def decode(octets: bytes) -> str:
    """Any octets; what is unknown in the extension table is read in the basic one (6.2.1.1)."""
    found, escaped = [], False
    for code in octets:
        if code == ESCAPE:
            escaped = True
            continue
        found.append(_letter(code, escaped))
        escaped = False
    return "".join(found)


def _letter(code: int, escaped: bool) -> str:
    if code >= len(_BASIC):
        return "\ufffd"
    return _EXTENDED.get(code, _BASIC[code]) if escaped else _BASIC[code]
