"""What a citizen's SMS says: known only when all of it is understood; pure.

Marks, case, courtesy and the commonest mistypings change nothing; any other word leaves it to a
person. A first word TC alone is enough: to be heard as refusing costs little, the contrary much.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from services.notify.callbacks.vocabulary import (
    AFTER,
    BEFORE,
    DISTINGUISHED_BY_MARKS,
    MEANT,
    MISTYPED,
)
from services.notify.notification.notification import Answer
from services.platform.vietnam.texts import fold, visible

_TOKEN = re.compile(
    r"\d+(?:[.,:/-]\d+)+"  # a date, a sum
    r"|(?<!\S)[-:]\d"  # less than nothing; a cat's face
    r"|[:;]-?[()DP]"  # a smile
    r"|\d+|[^\W\d_]+"
    r"|[^\s\w.,;:!()\[\]\"'“”‘’…–—•。、🏻🏼🏽🏾🏿-]"
)
_TWICE = re.compile(r"([a-z])\1+")
_SPELT_OUT = re.compile(r"\b([tđd])[ ./-]+([ck])\b", re.IGNORECASE)
_WHAT_IS_IT = re.compile(r"tc (?:co )?(?:nghia )?(?:la )?(?:gi|sao|the nao)\b")
_LONGEST = 6
"""Words of a phrase of courtesy."""


def understood(text: str, prefix: str = "") -> Answer:
    """`prefix`: the word that tells whose SMS it is, where several share one short number."""
    said = _without(prefix, _words(text))
    if said[:1] == ["tc"]:
        return Answer.OTHER if _WHAT_IS_IT.match(" ".join(said)) else Answer.STOP
    return next((MEANT[core] for core in _cores(said) if core in MEANT), Answer.OTHER)


def _words(text: str) -> list[str]:
    joined = _SPELT_OUT.sub(r"\1\2", visible(text))
    return list(chain.from_iterable(map(_known, _TOKEN.findall(joined))))


def _known(token: str) -> list[str]:
    """As the vocabulary spells it."""
    marked = _TWICE.sub(r"\1", token.lower())
    if told := DISTINGUISHED_BY_MARKS.get(marked) or DISTINGUISHED_BY_MARKS.get(token.lower()):
        return [told]
    bare = _TWICE.sub(r"\1", fold(token)) if token.isalpha() else token
    return MISTYPED.get(bare, bare).split()


def _without(prefix: str, said: list[str]) -> list[str]:
    bare = fold(prefix)
    if not (bare and said and said[0].startswith(bare)):
        return said
    rest = said[0].removeprefix(bare)
    return [*([rest] if rest else []), *said[1:]]


def _cores(said: Sequence[str]) -> Iterator[str]:
    """With less and less of the courtesy around it."""
    while said:
        yield " ".join(said)
        said = _shorter(said)


def _shorter(said: Sequence[str]) -> Sequence[str]:
    for length in range(min(_LONGEST, len(said) - 1), 0, -1):
        if " ".join(said[:length]) in BEFORE:
            return said[length:]
        if " ".join(said[-length:]) in AFTER:
            return said[:-length]
    return ()
