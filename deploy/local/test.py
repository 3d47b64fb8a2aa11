"""`make test`: all tests on real servers of their own, and proof that none of them stays."""

import sys

from deploy.local import leftovers
from deploy.local.rabbitmq import find_or_install
from deploy.local.sentence import or_say_why

if __name__ == "__main__":
    or_say_why(find_or_install)
    sys.exit(leftovers.run([sys.executable, "-m", "pytest", *sys.argv[1:]]))
