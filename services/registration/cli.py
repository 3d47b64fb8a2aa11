"""`tungngo registration`: serve, admin, citizens."""

import typer

from services.platform.process.telemetry import configure
from services.platform.server.serving import serve as serve_app
from services.registration.access.cli import admin
from services.registration.citizens.cli import cli as citizens
from services.registration.main import Registration, create
from services.registration.settings import RegistrationSettings

cli = typer.Typer(help="The only way in.", no_args_is_help=True)
cli.add_typer(admin(RegistrationSettings.read), name="admin")
cli.add_typer(citizens, name="citizens")


@cli.command()
def serve() -> None:
    """Run the service until SIGTERM."""
    settings = RegistrationSettings.read()
    configure("registration", settings)
    serve_app(create(settings), settings)


def log_of_registration() -> Registration:
    """For `tungngo republish`. Raises: ValidationError without this service's settings."""
    return Registration(RegistrationSettings.read())
