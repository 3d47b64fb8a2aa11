"""Linters and generators that nobody here wrote, over our documents."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.local.npm import NODE, installed
from deploy.local.places import ROOT
from deploy.local.pypi import installed as installed_python
from tests.eventually import PATIENCE_S

HERE = Path(__file__).parent
DOCUMENTS = ROOT / "docs" / "integrating"
OPENAPI = [str(path) for path in sorted((DOCUMENTS / "openapi").glob("*.json"))]
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def node(script: str, *words: str, given: str = "", cwd: Path = HERE) -> str:
    """What a script of the packages, or of ours, says; standard error where that is all."""
    packages = installed(HERE)
    path = HERE / script if (HERE / script).exists() else packages / script
    done = subprocess.run(
        [*NODE, str(path), *words],
        input=given,
        env=os.environ | QUIET | {"NODE_PATH": str(packages)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    return done.stdout or done.stderr


def redocly() -> list[str]:
    """What Redocly finds."""
    words = ["lint", *OPENAPI, "--config", str(HERE / "redocly.yaml"), "--format", "json"]
    said = node("@redocly/cli/bin/cli.js", *words)
    found, _ = json.JSONDecoder().raw_decode(said)  # and how long it took, for people
    return [f"{one['ruleId']}: {one['message']}" for one in found["problems"]]


def spectral() -> list[str]:
    """What Spectral finds."""
    words = ["lint", *OPENAPI, "--ruleset", str(HERE / "spectral.yaml"), "-f", "json", "--quiet"]
    said = node("@stoplight/spectral-cli/dist/index.js", *words)
    return [f"{one['code']}: {one['message']} {one['path']}" for one in json.loads(said)]


def asyncapi() -> dict[str, Any]:
    """Whether the parser of AsyncAPI reads the document, and what it finds."""
    text = (DOCUMENTS / "asyncapi.json").read_text(encoding="utf-8")
    told: dict[str, Any] = json.loads(node("validate.js", given=text))
    return told


def typescript_client(folder: Path) -> Path:
    """A program that posts an event, compiled against the types of the document."""
    packages = installed(HERE)
    (folder / "node_modules").symlink_to(packages)
    (folder / "post.ts").write_text((HERE / "post.ts").read_text(encoding="utf-8"))
    document, types = str(DOCUMENTS / "openapi" / "registration.json"), "registration.d.ts"
    node("openapi-typescript/bin/cli.js", document, "-o", types, cwd=folder)
    strictly = ("--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext")
    said = node("typescript/bin/tsc", *strictly, "post.ts", cwd=folder)
    assert (folder / "post.js").exists(), said
    assert "error" not in said, said
    return folder / "post.js"


def python_client(folder: Path) -> str:
    """A generated package, below a folder; what the generator warned of."""
    words = [
        *("-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", str(DOCUMENTS / "openapi" / "registration.json")),
        *("--output-path", str(folder / "registration_client")),
        *("--config", str(DOCUMENTS / "openapi" / "python-client.yaml")),
    ]
    done = subprocess.run(
        [sys.executable, *words],
        env=os.environ
        | {"PYTHONPATH": str(installed_python(HERE / "generator.lock"))}
        | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},  # it formats with ruff
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
