"""`tungngo`: each service's own commands under its name."""

import typer

from services.messaging.cli import dead_letters, topology
from services.notify.cli import cli as notify
from services.registration.cli import cli as registration
from services.reporting.cli import cli as reporting

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for name, commands in {
    "registration": registration,
    "reporting": reporting,
    "notify": notify,
    "topology": topology,
    "dead-letters": dead_letters,
}.items():
    app.add_typer(commands, name=name)


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
