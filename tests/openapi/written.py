"""What the code writes for integrators, made once for all tests that read it."""

from collections.abc import Mapping
from functools import cache

from services.documents import documents


@cache
def written() -> Mapping[str, str]:
    """Text by path below `docs/integrating`."""
    return documents()
