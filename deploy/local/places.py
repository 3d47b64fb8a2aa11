"""Where things lie on this machine; all that changes is below `.local` and `.venv`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
DEV_LOCK = ROOT / "requirements-dev.lock"

LOCAL = ROOT / ".local"
LOGS = LOCAL / "log"
SECRETS = LOCAL / "secrets"
