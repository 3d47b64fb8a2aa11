"""The names under which a telephone number, and what it said, are known again: keyed hashes."""

import hashlib


def number_key(phone: str, keys: tuple[bytes, ...]) -> str:
    """A number's name in the ledger: a keyed hash.

    Under the oldest key: what a number refused must be found again after the key was changed.
    """
    oldest = keys[-1]
    return hashlib.blake2b(phone.encode(), key=oldest, person=b"number", digest_size=16).hexdigest()


def words_key(number: str, text: str, keys: tuple[bytes, ...]) -> str:
    """A name for what one number said: the few words that citizens answer with are soon tried."""
    said = f"{number}/{text}".encode()
    return hashlib.blake2b(said, key=keys[0], person=b"words", digest_size=16).hexdigest()
