"""Which dependencies of a route say who may send to it; they are asked before a body is read."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi.dependencies.models import Dependant

G = TypeVar("G", bound=Callable[..., Any])
_MARK = "is_guard"


def guard(dependency: G) -> G:
    """Marks a dependency that raises Problem for whoever may not come in.

    It looks at the request's head alone. Where a route has a body it is asked twice, before the
    body and in its place among the route's arguments: what it counts it counts once a request.
    """
    setattr(dependency, _MARK, True)
    return dependency


def guards_of(dependant: Dependant) -> list[Dependant]:
    """The guards among a route's dependencies, and what stands on a guard, such as a role."""
    return [found for found in dependant.dependencies if _guards(found)]


def _guards(dependant: Dependant) -> bool:
    return getattr(dependant.call, _MARK, False) or any(map(_guards, dependant.dependencies))
