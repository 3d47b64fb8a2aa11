"""Whoever reads our pages for the first time types them as they stand, and it works."""

import os
import re
import subprocess
from pathlib import Path

import orjson

from deploy.local.places import ROOT
from services.events.envelope import EVENT_ID
from tests.eventually import PATIENCE_S
from tests.openapi.conftest import WARD
from tests.pipeline.people import PASSWORD, REGISTRATION, Office, Phone
from tests.stack import Stack

NAME = "giodautien"
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shell_of(page: Path) -> str:
    """All that a page has in `sh`, one after the other."""
    return "\n".join(
        re.findall(r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    )


def typed(script: str, **told: str) -> str:
    """What a shell says; it stops at the first fault."""
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        env=os.environ | told,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def results(said: str) -> list[str]:
    """Of each event that was posted, in order."""
    lines = (line for line in said.splitlines() if line.startswith('{"results"'))
    return [result["result"] for line in lines for result in orjson.loads(line)["results"]]


def test_first_hour_leads_from_an_account_to_a_void(system: Stack, office: Office) -> None:
    user = {"name": NAME, "role": "ward", "wards": [WARD]}
    made = office.admin.ask("POST", f"{REGISTRATION}/users", json=user).json()

    said = typed(
        shell_of(ROOT / "docs" / "integrating" / "first-hour.md"),
        CITY=system.url("registration"),
        NAME=NAME,
        FIRST_PASSWORD=made["first_password"],
        PASSWORD=PASSWORD,
        TEAM=office.new_team(WARD).id,
    )

    assert results(said) == [
        *("accepted", "accepted", "duplicate", "conflict", "rejected"),
        *("accepted", "accepted"),
    ]
    assert "'using'" in said
    assert orjson.loads(said.splitlines()[-1])["voided"] is True


def test_example_of_the_first_page_may_be_typed_again_and_again(
    system: Stack, phone: Phone
) -> None:
    script = shell_of(ROOT / "README.md").replace(
        "http://127.0.0.1:8101", system.url("registration")
    )
    told = {"TOKEN": phone.token, "SOURCE": phone.source, "TEAM": phone.team_id}

    said = [typed(script, **told) for _ in range(2)]

    assert [results(one) for one in said] == [["accepted"]] * 2
    ids = [orjson.loads(one)["results"][0]["id"] for one in said]
    assert len(set(ids)) == 2
    assert all(re.fullmatch(EVENT_ID, id_) for id_ in ids)
