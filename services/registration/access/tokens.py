"""Tokens and codes: made here, told once, kept as hashes."""

import base64
import hashlib
import hmac
import secrets
from enum import StrEnum

from services.platform.vietnam.texts import compatible


class Prefix(StrEnum):
    """What a token opens stands in front, so that it is found fast, and in leaked text."""

    DEVICE = "tnd_"
    SESSION = "tns_"
    KEY = "tnk_"


CODE_LETTERS = "BCGHKLMNPQTUY"
"""None that looks like another or like a digit, and none that a Telex keyboard turns into ă, đ, ế:
A, D, E, F, J, O, R, S, W, X, Z."""
CODE_LENGTH = 12
LONGEST_TOKEN = 64


def new_token(prefix: Prefix) -> str:
    """256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token; it has so many bits that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(token: str) -> str:
    """What a page must send with each write of this session; it tells nothing of the token."""
    digest = hashlib.sha256(b"csrf\x1f" + token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def csrf_fits(token: str, given: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(csrf_token(token).encode(), given.encode())


class Codes:
    """Codes of enrolments. They are short, so their hashes are keyed."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.blake2b(b"codes", key=key, digest_size=32).digest()

    def code(self, enrolment_id: str) -> str:
        """The code of an enrolment, such as `BCG-HKL-MNP-QTU`: the same whenever asked for."""
        number = int.from_bytes(self._digest(enrolment_id, b"code"))
        letters = ""
        for _ in range(CODE_LENGTH):
            number, place = divmod(number, len(CODE_LETTERS))
            letters += CODE_LETTERS[place]
        return "-".join(letters[n : n + 3] for n in range(0, CODE_LENGTH, 3))

    def hash(self, code: str) -> str:
        """Of a code as somebody typed it: case, spaces and hyphens do not matter."""
        letters = "".join(letter for letter in compatible(code).upper() if letter.isalpha())
        return self._digest(letters, b"hash").hex()

    def name_hash(self, name: str) -> str:
        """Of a user name that was tried: people type passwords into the wrong field."""
        return self._digest(name, b"name").hex()

    def client_hash(self, client: str) -> str:
        """Of an address that somebody tried from."""
        return self._digest(client, b"client").hex()

    def mark(self, name: str) -> str:
        """What a browser shows next time, so that it is known to have signed in as this name."""
        nonce = secrets.token_urlsafe(16)
        return f"{nonce}.{self._digest(f'{name}/{nonce}', b'mark').hex()}"

    def marked(self, name: str, mark: str) -> bool:
        """Whether it was given for this name; compared in constant time."""
        nonce, _, digest = mark.partition(".")
        right = self._digest(f"{name}/{nonce}", b"mark").hex()
        return hmac.compare_digest(right.encode(), digest.encode())

    def mark_name(self, name: str) -> str:
        """Under which a browser keeps its mark for this name."""
        return self._digest(name, b"mark name").hex()[:12]

    def _digest(self, text: str, purpose: bytes) -> bytes:
        return hashlib.blake2b(
            text.encode(), key=self._key, person=purpose, digest_size=32
        ).digest()
