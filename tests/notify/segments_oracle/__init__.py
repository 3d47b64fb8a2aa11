"""A count of segments that nobody here wrote (npm's `sms-segments-calculator`)."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.local.npm import NODE, installed
from services.notify.text.segments import Encoding
from tests.eventually import PATIENCE_S

_HERE = Path(__file__).parent
_ENCODINGS = {"GSM-7": Encoding.GSM7, "UCS-2": Encoding.UCS2}


def counted(texts: Sequence[str]) -> list[tuple[Encoding, int]]:
    """Encoding and segments of each, by one process for all of them."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    answers = subprocess.run(
        [*NODE, str(_HERE / "count.js")],
        input=lines,
        env=os.environ | {"NODE_PATH": str(installed(_HERE))},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    ).stdout.splitlines()
    return [(_ENCODINGS[name], count) for name, count in map(json.loads, answers)]
