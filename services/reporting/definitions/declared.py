"""What the modules of a package declare: a new measure or report is a new file and nothing else."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

T = TypeVar("T")


def declared(package: str, kind: type[T]) -> Sequence[T]:
    """The values of a kind in a package's modules, each once, by module and as declared there."""
    path = import_module(package).__path__
    modules = [import_module(f"{package}.{found.name}") for found in iter_modules(path)]
    values = [value for module in modules for value in vars(module).values()]
    return list({id(value): value for value in values if isinstance(value, kind)}.values())
