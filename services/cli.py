"""`tungngo`: each service's own commands under its name."""

import sys
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
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    asked = sys.argv[1:2]
    for name, place in COMMANDS.items():
        if name in asked or not COMMANDS.keys() & set(asked):
            module, _, commands = place.partition(":")
            app.add_typer(getattr(import_module(module), commands), name=name)

    @app.callback()
    def tungngo() -> None:
        """Từng Ngõ, from every alley to the city."""

    app()


if __name__ == "__main__":
    main()
