"""`make new-key`: a new key in the place of one; what the old one sealed stays readable."""

import sys
from pathlib import Path

from deploy.local.keys import FORMER, renew
from deploy.local.places import SECRETS
from deploy.local.sentence import CannotRun, or_say_why


def new_key(key: str, folder: Path = SECRETS) -> list[str]:
    """The files that changed. Raises: CannotRun."""
    try:
        return renew(folder, key)
    except (KeyError, FileNotFoundError):
        named = ", ".join(FORMER)
        raise CannotRun(
            f"Không có khóa nào như vậy trong {folder}; có thể thay: {named}.",
            f"There is no such key in {folder}; these can be renewed: {named}.",
        ) from None


if __name__ == "__main__":
    key, *folder = sys.argv[1:] or [""]
    or_say_why(lambda: [print(f"✓ {name}") for name in new_key(key, *map(Path, folder))])
