"""A private mongod, a replica set of one (transactions and majority writes need a set)."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import apt, faketime
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import Child
from deploy.local.sentence import CannotRun
from deploy.local.waiting import HANGS_AFTER_S, wait_until

OLDEST_MAJOR = 6
NOT_YET_INITIALIZED = 94
INVALID_REPLICA_SET_CONFIG = 93


def find_mongod() -> Path:
    """The installed mongod when it is new enough, else the one in our development wheel."""
    installed = shutil.which("mongod")
    if installed and _major(installed) >= OLDEST_MAJOR:
        return Path(installed)
    bundled = Path(sysconfig.get_path("purelib"), "fiftyone", "db", "bin", "mongod")
    if bundled.exists():
        bundled.chmod(0o755)  # the wheel unpacks it without the run bit
        if not _major(bundled):
            apt.install("libcurl4")  # all that it needs beside the C library and OpenSSL
        if _major(bundled) >= OLDEST_MAJOR:
            return bundled
    raise CannotRun(
        "Không có mongod 6 trở lên chạy được; hãy cài MongoDB hoặc đặt MONGO_URL.",
        "No mongod 6 or newer runs here; install MongoDB or set MONGO_URL.",
    )


def _major(binary: str | Path) -> int:
    """0 when it does not run."""
    answer = subprocess.run(
        [binary, "--version"], capture_output=True, text=True, timeout=HANGS_AFTER_S
    )
    found = re.search(r"db version v(\d+)", answer.stdout)
    return int(found[1]) if found else 0


@dataclass
class Mongod:
    """A mongod of our own; its data stay in `folder` from one start to the next."""

    folder: Path
    preferred_port: int | None = None
    port: int = 0
    clock_s: int = 0
    """From its next start on, so far ahead of this machine's clock; below 0, behind it."""
    child: Child | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"mongodb://{LOOPBACK}:{self.port}/?replicaSet=rs0"

    def start(self) -> None:
        """Returns when it accepts writes."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Starts the process without waiting for it."""
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        self.port = free_port(self.port or self.preferred_port)
        options = [
            f"--dbpath={data}",
            f"--port={self.port}",
            f"--bind_ip={LOOPBACK}",
            "--nounixsocket",
            "--replSet=rs0",
            "--oplogSize=512",
            "--wiredTigerCacheSizeGB=0.5",
            "--setParameter=diagnosticDataCollectionEnabled=false",
            # a worker that died in a transaction blocks the others only this long
            "--setParameter=transactionLifetimeLimitSeconds=5",
        ]
        env = {**os.environ, **faketime.moved(self.clock_s)} if self.clock_s else None
        self.child = Child([str(find_mongod()), *options], self.folder / "mongod.log", env)

    def wait_ready(self) -> None:
        """Returns when it accepts writes; makes the replica set at the first start."""
        with MongoClient[dict[str, object]](
            LOOPBACK, self.port, directConnection=True, serverSelectionTimeoutMS=500
        ) as client:
            wait_until(lambda: _is_primary(client, f"{LOOPBACK}:{self.port}"), self._running())

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def kill(self) -> None:
        """kill -9, as a crash would."""
        self._running().kill()

    def pause(self) -> None:
        """It keeps its connections and answers nothing."""
        self._running().signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._running().signal(signal.SIGCONT)

    def _running(self) -> Child:
        if self.child is None:
            raise RuntimeError("not started")
        return self.child


def _is_primary(client: MongoClient[dict[str, object]], address: str) -> bool:
    with contextlib.suppress(PyMongoError):
        hello = client.admin.command("hello")
        if hello.get("isWritablePrimary") and hello.get("me") == address:
            return True
        _configure(client, address)
    return False


def _configure(client: MongoClient[dict[str, object]], address: str) -> None:
    """Makes the set, or tells it that its only member moved to another port."""
    wanted = {
        "_id": "rs0",
        "members": [{"_id": 0, "host": address}],
        "settings": {"electionTimeoutMillis": 1000},
    }
    try:
        current = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as refusal:
        if refusal.code == NOT_YET_INITIALIZED:
            client.admin.command("replSetInitiate", wanted)
        elif refusal.code == INVALID_REPLICA_SET_CONFIG:
            client.admin.command("replSetReconfig", wanted | {"version": 1_000_000}, force=True)
        return
    if current["members"][0]["host"] != address:
        moved = wanted | {"version": current["version"] + 1}
        client.admin.command("replSetReconfig", moved, force=True)
