"""The demo's own administrator, made by the command that makes every first one."""

import secrets
import subprocess
import sys

from demo.server import CannotPlay

COMMAND = (sys.executable, "-m", "services.cli", "registration", "admin", "create")


def make_admin(name: str) -> str:
    """The password. Raises: CannotPlay where the name is taken or the settings are not here."""
    password = secrets.token_urlsafe(24)
    done = subprocess.run(
        [*COMMAND, "--name", name, "--password-stdin"],
        input=password,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode:
        raise CannotPlay(
            f"Không tạo được quản trị viên '{name}'. Nếu chiến dịch này đã chạy và tệp khóa trong"
            " .local/demo đã mất, hãy chạy 'make clean' để bắt đầu lại; nếu máy chủ ở nơi khác,"
            " hãy dùng --admin-user và --password-file.",
            f"Could not make the administrator '{name}'. Where this campaign was played before and"
            " its keys in .local/demo are gone, start again with 'make clean'; where the servers"
            " are elsewhere, use --admin-user and --password-file.\n" + done.stderr.strip()[-400:],
        )
    return password
