"""The one form in which texts that people typed are compared: what looks the same is the same.

Nothing else here reads Unicode's tables, so that no two places fold differently.
"""

import unicodedata

_CROSSED = str.maketrans("ĐÐƉđðɖ₫", "DDDdddd")
"""Đ, the Icelandic Ð and the African Ɖ are one picture with three numbers; ₫ is the currency's."""
_DOTLESS = str.maketrans({"ı": "i", "ȷ": "j", "⁄": "/", "∕": "/", "⧸": "/"})
_LOOK_LIKE_LATIN = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧον",
    "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXov",
)
"""Cyrillic and Greek letters that a Vietnamese reader takes for Latin ones."""
_JOINER = "\u034f"
_LONGEST_RUN = 30
_SHORT = 1_000
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")


def composed(text: str) -> str:
    """The same letters in as few characters as they have (NFC)."""
    return unicodedata.normalize("NFC", _stream_safe(text))


def decomposed(text: str) -> str:
    """The same letters with their marks apart (NFD)."""
    return unicodedata.normalize("NFD", _stream_safe(text))


def compatible(text: str) -> str:
    """The same letters however wide, raised or joined they were written (NFKC)."""
    return unicodedata.normalize("NFKC", _stream_safe(text))


def visible(text: str) -> str:
    """Without what nobody sees: zero-width and control characters, fillers, variants; NFKC."""
    if text.isascii() and text.isprintable():
        return text
    seen = (c for c in compatible(text) if c.isspace() or not _unseen(c))
    return compatible("".join(seen))


def digits(text: str) -> str:
    """Decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def unmarked(text: str) -> str:
    """Without Vietnamese marks, in the case it had."""
    bare = decomposed(text.translate(_CROSSED))
    return "".join(c for c in bare if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Without accents, case and invisible characters, so that `Hòa`, `Hoà` and `hoa` are one.

    A letter that is not Latin stays what it is, with its marks: nothing unknown disappears.
    """
    seen = digits(visible(text))
    if not seen.isascii():
        seen = _shapes(seen)
    return " ".join(seen.casefold().split())


def lettered(text: str, kept: str = "") -> str:
    """Letters with their marks, figures and what is `kept`; a space in place of anything else."""
    return "".join(c if c in kept or unicodedata.category(c)[0] in "LMN" else " " for c in text)


def former_fold(text: str) -> str:
    """As earlier versions folded: only to find again what they hashed."""
    bare = decomposed(text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def _stream_safe(text: str) -> str:
    """Marks are sorted in each run of them, which takes the square of its length: no run has more
    than 30 (Stream-Safe Text Format, UAX #15)."""
    if len(text) <= _SHORT or text.isascii():
        return text
    safe, run = list[str](), 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _LONGEST_RUN:
            safe.append(_JOINER)
            run = 1
        safe.append(character)
    return "".join(safe)


def _unseen(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Cf", "Cc")
        or character in _BLANKS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _shapes(text: str) -> str:
    """Small letters by how they look; both steps are taken twice, for case changes shapes."""
    alike = _LOOK_LIKE_LATIN if _mostly_latin(text.casefold()) else {}
    small = text.translate(alike).translate(_CROSSED).casefold().translate(alike)
    return _bare_latin(small.translate(_CROSSED).translate(_DOTLESS))


def _mostly_latin(text: str) -> bool:
    """Then what looks like a Latin letter is one."""
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(_is_latin(c) for c in letters) > len(letters)


def _bare_latin(text: str) -> str:
    """A mark stays only on a letter that is not Latin: there it makes another letter."""
    kept, bears_marks = list[str](), False
    for character in unicodedata.normalize("NFKD", _stream_safe(text)):
        if not unicodedata.category(character).startswith("M"):
            bears_marks = character.isalpha() and not _is_latin(character)
            kept.append(character)
        elif bears_marks:
            kept.append(character)
    return compatible("".join(kept))


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
