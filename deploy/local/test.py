"""`make test`: all tests on real servers of their own, and proof that none of them stays."""

import sys
from contextlib import suppress

from deploy.local import faketime, leftovers
from deploy.local.kannel import find_or_install_drive_smpp
from deploy.local.rabbitmq import find_or_install
from deploy.local.sentence import CannotRun, or_say_why

if __name__ == "__main__":
    or_say_why(find_or_install)
    or_say_why(faketime.find_or_install)
    with suppress(CannotRun):  # the tests before this SMSC say so themselves
        find_or_install_drive_smpp()
    sys.exit(leftovers.run([sys.executable, "-m", "pytest", *sys.argv[1:]]))
