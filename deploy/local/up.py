"""`make up`: everything on this machine until Ctrl-C, SIGTERM or the end of a part."""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from deploy.local import keys, settings
from deploy.local.alone import alone
from deploy.local.places import LOGS, SECRETS
from deploy.local.ports import is_free
from deploy.local.process import PR_SET_PDEATHSIG, Child
from deploy.local.progress import step
from deploy.local.sentence import CannotRun, or_say_why
from deploy.local.servers import servers
from deploy.local.settings import SERVICES, address, port_of
from deploy.local.stack import Stack

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WATCH_S = 0.5


class Asked(BaseException):
    """Somebody wants it to end."""


def up() -> None:
    """Raises: CannotRun with nothing left running."""
    in_order(_run)


def in_order(work: Callable[[], None]) -> None:
    """Alone over this folder's data; ends everything when it is asked to. Raises: CannotRun."""
    _end_with_make()
    for number in SIGNALS:
        signal.signal(number, _ask)
    try:
        with alone():
            _check_ports()
            keys.write_missing(SECRETS)
            work()
    except Asked:
        print("✓ Đã dừng tất cả · everything has ended")


@contextmanager
def everything(more: Mapping[str, str] | None = None) -> Iterator[list[Child]]:
    """All parts, ready, until the block ends; `more` is told to them besides. Raises: CannotRun."""
    with servers() as (found, server_children):
        told = {**settings.settings(found), **(more or {})}
        settings.remember(told)
        with _services(told) as service_children:
            yield [*server_children, *service_children]


def watch(children: Sequence[Child]) -> None:
    """Raises: CannotRun when a part ends by itself."""
    while all(child.running() for child in children):
        time.sleep(WATCH_S)
    ended = next(child for child in children if not child.running())
    raise CannotRun(
        f"{ended.name} đã dừng (mã {ended.returncode}); xem {ended.log}.",
        f"{ended.name} ended (code {ended.returncode}); see {ended.log}:\n{ended.last_lines()}",
    )


def _check_ports() -> None:
    """Raises: CannotRun naming the first port that somebody else has."""
    for service in SERVICES:
        port = port_of(service)
        if not is_free(port):
            variable = f"{service.upper()}_PORT"
            raise CannotRun(
                f"Cổng {port} ({service}) đang được dùng; hãy dừng chương trình đó"
                f" hoặc đặt {variable}.",
                f"Port {port} ({service}) is in use; stop that program or set {variable}.",
            )


@contextmanager
def _services(told: Mapping[str, str]) -> Iterator[list[Child]]:
    """Queues declared, and all three ready, until the block ends."""
    ports = {service: port_of(service) for service in SERVICES}
    stack = Stack(folder=LOGS, settings=told, ports=ports)
    with step("Khai báo hàng đợi", "Queues declared"):
        stack.command("topology", "declare")
    try:
        with step("Ba dịch vụ", "The three services"):
            stack.start()
        yield list(stack.running.values())
    finally:
        with step("Dừng ba dịch vụ", "The three services end"):
            stack.stop()


def _run() -> None:
    with everything() as children:
        _welcome()
        watch(children)


def _welcome() -> None:
    print(f"""
Từng Ngõ đang chạy · is running (Ctrl-C: dừng · ends it)

  Trang theo dõi · live page   {address("reporting")}/
  Tiếp nhận · registration     {address("registration")}/docs
  Báo cáo · reporting          {address("reporting")}/docs
  Tin nhắn · notify            {address("notify")}/docs
  Nhật ký · logs               {LOGS}

  Quản trị viên đầu tiên · the first admin:  make admin
  Chiến dịch minh họa · the sample campaign: make demo

  Trên máy này ai cũng đọc được báo cáo · on this machine anybody may read the reports
""")


def _ask(number: int, _frame: object) -> None:
    for further in SIGNALS:  # a second Ctrl-C does not break the orderly end
        signal.signal(further, signal.SIG_IGN)
    raise Asked(number)


def _end_with_make() -> None:
    """When `make` itself is killed we get SIGTERM, and end everything in order."""
    if "MAKELEVEL" in os.environ:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    or_say_why(up)
