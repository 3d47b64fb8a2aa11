"""Pages as they are seen in Chromium."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from deploy.local.npm import NODE, installed
from tests.eventually import PATIENCE_S

_HERE = Path(__file__).parent
Seen = Any
"""JSON, of a shape that each look has for itself."""


def look(program: str, address: str, name: str, *, width: int = 1280, **given: Any) -> Seen:
    """What one of `looks.js` finds. A page that raises an error is no page."""
    asked = {
        "program": program,
        "address": address,
        "name": name,
        "width": width,
        "given": given,
        "patienceMs": PATIENCE_S * 1_000 / 2,
    }
    done = subprocess.run(
        [*NODE, str(_HERE / "look.js")],
        input=json.dumps(asked),
        env=os.environ | {"NODE_PATH": str(installed(_HERE))},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Seen] = json.loads(done.stdout)
    assert seen["errors"] == []
    found: Seen = seen["found"]
    return found
