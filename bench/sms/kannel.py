"""Kannel as a rival: HTTP in, its store on the disk, SMPP out."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench.floors.sms import TEXT
from bench.sms.smsc import Smsc
from deploy.local.kannel import find_or_install_gateway
from deploy.local.ports import LOOPBACK, answers, free_port
from deploy.local.process import Child
from deploy.local.waiting import wait_until

CONNECTIONS = 32
QUIET = ("-v", "4")
"""Only errors on its output, or it would write a line for each PDU."""
CONFIGURATION = """\
group = core
admin-port = {admin}
admin-password = bench
smsbox-port = {box}
store-type = file
store-location = {folder}/kannel.store

group = smsc
smsc = smpp
host = {host}
port = {smsc}
transceiver-mode = true
smsc-username = bench
smsc-password = bench
system-type = ""
max-pending-submits = {window}

group = smsbox
bearerbox-host = {host}
sendsms-port = {http}

group = sendsms-user
username = bench
password = bench
max-messages = 4
"""


class Kannel:
    """Both of its processes."""

    def __init__(self, folder: Path, smsc: Smsc, window: int) -> None:
        bearerbox, smsbox = find_or_install_gateway()
        folder.mkdir()
        admin, box, self.http = free_port(), free_port(), free_port()
        file = folder / "kannel.conf"
        told = {"admin": admin, "box": box, "http": self.http, "smsc": smsc.port}
        file.write_text(CONFIGURATION.format(folder=folder, host=LOOPBACK, window=window, **told))
        self._bearerbox = Child(
            [bearerbox, *QUIET, str(file)], folder / "bearerbox.log", cwd=folder
        )
        wait_until(lambda: answers(box), self._bearerbox)
        self._smsbox = Child([smsbox, *QUIET, str(file)], folder / "smsbox.log", cwd=folder)
        wait_until(lambda: answers(self.http), self._smsbox)

    def flood(self, seconds: float) -> None:
        """As many requests as it answers, from one thread of wrk."""
        query = {"from": "UBND", "to": "84900000001", "text": TEXT.decode()}
        signed = urlencode({"username": "bench", "password": "bench", "dlr-mask": "0"} | query)
        url = f"http://{LOOPBACK}:{self.http}/cgi-bin/sendsms?{signed}"
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ)

    def end(self) -> None:
        """Both by the ids that are kept."""
        self._smsbox.stop()
        self._bearerbox.stop()


@contextmanager
def kannel(folder: Path, smsc: Smsc, window: int) -> Iterator[Kannel]:
    """Until the block ends."""
    running = Kannel(folder, smsc, window)
    try:
        yield running
    finally:
        running.end()
