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
from deploy.local.process import PR_SET_PDEATHSIG, Child
from deploy.local.sentence import CannotRun, or_say_why
from deploy.local.servers import servers
from deploy.local.services import address, check_ports, declare_topology, services

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
            check_ports()
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
        declare_topology(told)
        with services(told) as service_children:
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
