"""Commands on the broker: declare the topology, and look after the dead letters."""

import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import ValidationError

from services.messaging.amqp import AmqpBroker
from services.messaging.broker import BrokerUnavailable, Unconfirmed
from services.messaging.dead_letters.acts import DeadLetters, MongoTrail, ReasonNeeded
from services.messaging.dead_letters.letters import Letter
from services.messaging.settings import DeadLetterSettings, TopologySettings
from services.messaging.topology import EVENTS_DEAD_LETTERS, PRIVATE_DEAD_LETTERS
from services.messaging.topology_upgrade import InUse, bring_up_to_date
from services.platform.mongo import PyMongoError, connect

S = TypeVar("S", bound=TopologySettings)
T = TypeVar("T")

topology = typer.Typer(help="Exchanges, queues and bindings.", no_args_is_help=True)
dead_letters = typer.Typer(help="What could not be handled.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(help="Ids as `list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="Every letter that stands there now.")]
Private = Annotated[bool, typer.Option("--private", help="Those of the exchange `private`.")]
By = Annotated[str, typer.Option(help="Who does it, for the trail.")]
Reason = Annotated[str, typer.Option(help="Why reporting is to go on without the event.")]


@topology.callback()
def about_topology() -> None:
    """Exchanges, queues and bindings."""


@topology.command("declare")
def declare_topology() -> None:
    """Declare what is missing, and bring what an earlier version made up to date; run again it
    changes nothing."""
    settings = _settings(TopologySettings)
    broker = AmqpBroker(settings.broker_url.get_secret_value())
    try:
        moved = _run(lambda: bring_up_to_date(broker, settings.partitions))
    except InUse as queue:
        _fail(f"{queue} has other arguments and is in use: stop the services, and run this again")
    for name in moved:
        print(f"{name} was made again, with all that lay in it")
    print(f"declared, with {settings.partitions} partitions")


@dead_letters.command("list")
def list_letters(private: Private = False, by: By = "") -> None:
    """Show the oldest 1,000: ids and reasons, never the contents."""
    _print(_letters(lambda operator: operator.list(), private=private, by=by))


@dead_letters.command("replay")
def replay_letters(
    ids: Ids = None, every: All = False, private: Private = False, by: By = ""
) -> None:
    """Give letters back to the queue that each was meant for."""
    chosen = _chosen(ids, every=every)
    _print(_letters(lambda operator: operator.replay(chosen), private=private, by=by), chosen)


@dead_letters.command("discard")
def discard_letters(
    ids: Ids = None,
    every: All = False,
    private: Private = False,
    by: By = "",
    reason: Reason = "",
) -> None:
    """Take letters away for good; the figures say from then on which events they go without."""
    chosen = _chosen(ids, every=every)
    try:
        gone = _letters(lambda operator: operator.discard(chosen, reason), private=private, by=by)
        _print(gone, chosen)
    except ReasonNeeded as letter:
        _fail(
            f"reason_needed: thư {letter} có sự kiện mà báo cáo còn chờ; hãy nêu --reason. "
            f"Letter {letter} holds an event that reporting waits for; give a --reason."
        )


def _letters(
    act: Callable[[DeadLetters], Coroutine[Any, Any, Sequence[Letter]]], *, private: bool, by: str
) -> Sequence[Letter]:
    settings = _settings(DeadLetterSettings)

    async def work() -> Sequence[Letter]:
        client = connect(settings.mongo_url.get_secret_value())
        try:
            operator = DeadLetters(
                AmqpBroker(settings.broker_url.get_secret_value()),
                MongoTrail(client[settings.mongo_database]),
                by=by or getpass.getuser(),
                queue=PRIVATE_DEAD_LETTERS if private else EVENTS_DEAD_LETTERS,
                partitions=settings.partitions,
            )
            return await act(operator)
        finally:
            client.close()

    return _run(work)


def _chosen(ids: list[str] | None, *, every: bool) -> frozenset[str] | None:
    if bool(ids) == every:
        _fail("name the letters' ids, or say --all")
    return None if every else frozenset(ids or ())


def _settings(kind: type[S]) -> S:
    try:
        return kind.read()
    except ValidationError as error:
        missing = ", ".join(f"MESSAGING_{e['loc'][0]}".upper() for e in error.errors())
        _fail(f"these settings are missing or wrong: {missing}")


def _run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    try:
        return asyncio.run(work())
    except (BrokerUnavailable, Unconfirmed, PyMongoError) as error:
        _fail(f"{type(error).__name__}: the broker or the database did not do it ({error})")


def _print(letters: Sequence[Letter], chosen: frozenset[str] | None = None) -> None:
    for letter in letters:
        events = " ".join(letter.event_ids)
        print(letter.id, letter.queue, letter.reason, letter.type, events, sep="  ")
    print(f"{len(letters)} letters")
    if missing := (chosen or frozenset()) - {letter.id for letter in letters}:
        named = " ".join(sorted(missing))
        _fail(f"không có thư nào như vậy: {named}. There is no such letter: {named}")


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)
