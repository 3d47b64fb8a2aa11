"""`tungngo`: each service's own commands under its name."""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

COMMANDS = {
    "registration": "services.registration.cli:cli",
    "reporting": "services.reporting.cli:cli",
    "notify": "services.notify.cli:cli",
    "topology": "services.messaging.cli:topology",
    "dead-letters": "services.messaging.cli:dead_letters",
    "republish": "services.republish:cli",
    "documents": "services.documents:cli",
}


def main() -> None:
    """The entry point. Loads only what is asked for: a service is one process, and stays small."""
    gc.disable()  # what is loaded stays; looking for garbage in it takes a tenth of the start
    asked = commands(sys.argv[1:2])
    gc.freeze()
    gc.enable()
    asked()


def commands(asked: Sequence[str] = ()) -> typer.Typer:
    """All commands, or those under the name that is asked for."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    for name, place in COMMANDS.items():
        if name in asked or not COMMANDS.keys() & set(asked):
            module, _, found = place.partition(":")
            app.add_typer(getattr(import_module(module), found), name=name)

    @app.callback()
    def tungngo() -> None:
        """Từng Ngõ, from every alley to the city."""

    return app


if __name__ == "__main__":
    main()
