"""The references by which a phone joins the parts of long SMS."""

import secrets

_ALL = 256
_MOST = 50_000


class References:
    """Eight bits: to one phone they go round, so that no two that are on their way are equal."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        """Who was written to longest ago comes first."""

    def next(self, phone: str) -> int:
        """After a restart it begins anywhere."""
        last = self._last.pop(phone, None)
        reference = secrets.randbelow(_ALL) if last is None else (last + 1) % _ALL
        self._last[phone] = reference
        if len(self._last) > _MOST:
            del self._last[next(iter(self._last))]
        return reference
