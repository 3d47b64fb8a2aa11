"""Everything on one machine: a private MongoDB, a private RabbitMQ and the three services."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - who starts it with an older one gets a sentence
    sys.exit("✗ Cần Python 3.11 trở lên.\nPython 3.11 or newer is needed.")
