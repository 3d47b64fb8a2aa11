"""`make test`: all tests on real servers of their own, and proof that none of them stays."""

import os
import sys
from contextlib import suppress

from deploy.local import faketime, leftovers
from deploy.local.kannel import find_or_install_drive_smpp
from deploy.local.mongod import find_mongod
from deploy.local.rabbitmq import find_or_install
from deploy.local.sentence import CannotRun, or_say_why

WORKERS = min(len(os.sched_getaffinity(0)) + 1, 6)
"""One more than cores, for half of a test's time is waiting; each has a broker and a database."""
PYTEST = [
    *(sys.executable, "-m", "pytest"),
    f"--numprocesses={WORKERS}",
    *("--dist=loadfile", "--no-loadscope-reorder"),  # tests/order.py says what comes first
]

if __name__ == "__main__":
    or_say_why(find_mongod)
    or_say_why(find_or_install)
    or_say_why(faketime.find_or_install)
    with suppress(CannotRun):  # the tests before this SMSC say so themselves
        find_or_install_drive_smpp()
    sys.exit(leftovers.run([*PYTEST, *sys.argv[1:]]))
