"""`make phone`: one more phone of the sample campaign, for whoever writes a field app."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from demo.guard import must_be_demo
from demo.memory import Memory
from demo.office import Office
from demo.results import Results
from demo.server import CannotPlay, Refused, Server
from deploy.local.places import LOCAL
from deploy.local.settings import address

CHO_LON = "27343"
LABEL = "thử nghiệm"
PATIENCE_S = 2.0


def main(
    ward: Annotated[str, typer.Option(help="Where its team works.")] = CHO_LON,
    seed: Annotated[int, typer.Option(min=0, help="Of the campaign that was played.")] = 1,
    registration: Annotated[str, typer.Option(help="Its address.")] = address("registration"),
    folder: Annotated[Path, typer.Option(help="Where the campaign's keys lie.")] = LOCAL / "demo",
) -> None:
    """Enrol a phone and print what it posts with, as a shell takes it."""
    memory = Memory.of(folder / f"{seed}.jsonl")
    try:
        print(asyncio.run(enrolled(memory, registration, ward, seed)))
    except (CannotPlay, Refused) as error:
        sys.exit(f"✗ {error}")


async def enrolled(memory: Memory, registration: str, ward: str, seed: int) -> str:
    """Token, source, team and ward. Raises: CannotPlay, Refused."""
    if not memory.users:
        raise CannotPlay("Hãy chạy 'make demo' trước.", "Run 'make demo' first.")
    async with Server(registration, 1, PATIENCE_S) as server:
        await must_be_demo(server)
        office = Office(server, memory, Results())
        await office.sign_in(seed)
        team = await office.team_of(ward)
        phone = await office.enrol(team, LABEL)
    return f"export TOKEN={phone.secret} SOURCE={phone.source} TEAM={team} WARD={ward}"


if __name__ == "__main__":
    typer.run(main)
