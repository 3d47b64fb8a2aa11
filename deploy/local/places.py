"""Where things lie on this machine; all that changes is below `.local` and `.venv`.

TUNGNGO_LOCAL names another folder than `.local`, for a second system beside the first.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
DEV_LOCK = ROOT / "requirements-dev.lock"

LOCAL = Path(os.environ.get("TUNGNGO_LOCAL", ROOT / ".local")).absolute()
LOGS = LOCAL / "log"
SECRETS = LOCAL / "secrets"
