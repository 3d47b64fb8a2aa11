"""Commands for who may come in: the first administrator."""

import asyncio
import sys
from collections.abc import Callable
from typing import Annotated, NoReturn, Protocol

import typer
from pydantic import SecretStr, ValidationError

from services.platform.clock import utc_now
from services.platform.mongo import PyMongoError, connect
from services.platform.problems import Problem
from services.registration.access.passwords import first_password
from services.registration.access.problems import USER_NAME_TAKEN
from services.registration.access.store import MongoAccessStore
from services.registration.access.wiring import Access, AccessSettings
from services.registration.subjects.actor import Role
from services.registration.subjects.row_store import MongoRows

BY = "/registration"


class CommandSettings(AccessSettings, Protocol):
    """What a command must be told besides."""

    @property
    def mongo_url(self) -> SecretStr: ...

    @property
    def mongo_database(self) -> str: ...


def admin(read: Callable[[], CommandSettings]) -> typer.Typer:
    """The commands; settings are read when one runs."""
    commands = typer.Typer(help="Administrators.", no_args_is_help=True)

    @commands.callback()
    def about() -> None:
        """Administrators."""

    @commands.command("create")
    def create(
        name: Annotated[str, typer.Option(help="An office's name, such as `quantri`.")] = "admin",
        *,
        password_stdin: Annotated[
            bool, typer.Option("--password-stdin", help="Read the password from standard input.")
        ] = False,
        if_missing: Annotated[
            bool, typer.Option("--if-missing", help="Say nothing when the name exists already.")
        ] = False,
    ) -> None:
        """Make an administrator; without --password-stdin a password is made and shown once."""
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else first_password()
        if not _created(read, name, password, if_missing=if_missing):
            return
        print(f"administrator  {name}")
        if not password_stdin:
            print(f"password       {password}   (shown once)")

    return commands


async def create_admin(settings: CommandSettings, name: str, password: str) -> None:
    """Raises: Problem when the name is taken or the password too weak."""
    client = connect(settings.mongo_url.get_secret_value())
    try:
        database = client[settings.mongo_database]
        store = MongoAccessStore(database)
        await store.ensure_indexes()
        access = Access(store, MongoRows(database["subjects"]), settings, utc_now)
        await access.accounts.add(name, Role.ADMIN, None, password, BY)
    finally:
        client.close()


def _created(
    read: Callable[[], CommandSettings], name: str, password: str, *, if_missing: bool
) -> bool:
    try:
        asyncio.run(create_admin(read(), name, password))
    except ValidationError as error:
        missing = ", ".join(f"REGISTRATION_{e['loc'][0]}".upper() for e in error.errors())
        _fail(f"these settings are missing or wrong: {missing}")
    except Problem as problem:
        if problem.kind is not USER_NAME_TAKEN or not if_missing:
            _fail(f"{problem.kind.vi}\n{problem.kind.en}")
        return False
    except PyMongoError as error:
        _fail(f"the database did not do it ({type(error).__name__}); is it running?")
    return True


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)
