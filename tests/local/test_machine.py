"""What the machine lacks is a sentence in both languages; what is taken is left alone."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import apt, leftovers, ports, settings
from deploy.local.places import ROOT
from deploy.local.progress import step
from deploy.local.sentence import CannotRun, or_say_why
from deploy.local.settings import Servers
from tests.eventually import PATIENCE_S

LEAVES_A_PROCESS_BEHIND = "import subprocess; subprocess.Popen(['sleep', '600'], process_group=0)"


def test_missing_package_without_root_says_what_to_type() -> None:
    reason = apt.refusal("wrk", has_apt=True, is_root=False)

    assert reason is not None
    assert "sudo apt-get install wrk" in reason.vi
    assert "sudo apt-get install wrk" in reason.en


def test_missing_package_without_apt_is_refused_before_root_is_asked_for() -> None:
    reason = apt.refusal("wrk", has_apt=False, is_root=False)

    assert reason is not None
    assert "no apt-get" in reason.en


def test_root_with_apt_may_install() -> None:
    assert apt.refusal("wrk", has_apt=True, is_root=True) is None


def test_what_cannot_run_ends_with_the_sentence_and_no_traceback() -> None:
    def command() -> None:
        raise CannotRun("Không có mạng.", "No network.")

    with pytest.raises(SystemExit) as end:
        or_say_why(command)

    assert end.value.code == "✗ Không có mạng.\nNo network."


def test_taken_port_is_not_free_and_another_is_given() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]

        assert not ports.is_free(port)
        assert ports.free_port(port) != port

    assert ports.free_port(port) == port


def test_progress_off_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with step("Môi trường Python", "Python environment") as current:
        current.note = "3/97"

    shown = capsys.readouterr().out
    assert re.fullmatch(r"✓ Môi trường Python · Python environment 3/97 \(\d+\.\d s\)\n", shown)


def test_failed_step_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CannotRun), step("Bước", "Step"):
        raise CannotRun("Không", "No")

    assert capsys.readouterr().out.startswith("✗ Bước · Step")


def test_database_that_somebody_named_is_never_a_demo() -> None:
    named = settings.settings(Servers("mongodb://db.example", "amqp://mq.example", ours=False))
    ours = settings.settings(Servers("mongodb://127.0.0.1", "amqp://127.0.0.1", ours=True))

    assert named["REGISTRATION_DEMO"] == "false"
    assert ours["REGISTRATION_DEMO"] == "true"


def test_settings_of_the_caller_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTING_PORT", "9102")

    told = settings.settings(Servers("mongodb://127.0.0.1", "amqp://127.0.0.1", ours=True))

    assert told["REPORTING_PORT"] == "9102"
    assert told["NOTIFY_ALLOWED_ORIGIN"] == "http://127.0.0.1:9102"


def test_remembered_settings_are_the_told_ones_and_private(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    told = {"NOTIFY_MONGO_URL": "mongodb://127.0.0.1:1/?replicaSet=rs0", "NOTIFY_PORT": "8103"}

    settings.remember(told, file)

    assert settings.remembered(file) == told
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_is_remembered_before_the_first_start(tmp_path: Path) -> None:
    assert settings.remembered(tmp_path / "settings.env") == {}


@pytest.mark.parametrize(("program", "code"), [("pass", 0), ("raise SystemExit(3)", 3)])
def test_clean_command_keeps_its_exit_code(real_processes: None, program: str, code: int) -> None:
    assert _watched(program).returncode == code


def test_process_left_behind_is_named_ended_and_an_error(real_processes: None) -> None:
    watched = _watched(LEAVES_A_PROCESS_BEHIND)

    assert watched.returncode == leftovers.LEFT_BEHIND
    left = re.search(r"left behind: (\d+) sleep 600", watched.stdout)
    assert left
    assert not Path("/proc", left[1]).exists()


def _watched(program: str) -> subprocess.CompletedProcess[str]:
    watching = (
        "import sys; from deploy.local import leftovers; leftovers.GRACE_S = 0.3;"
        "sys.exit(leftovers.run([sys.executable, '-c', sys.argv[1]]))"
    )
    return subprocess.run(
        [sys.executable, "-c", watching, program],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
