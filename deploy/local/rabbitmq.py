"""A private RabbitMQ node, apart from the machine's own service, with an epmd of its own."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import apt
from deploy.local.ports import LOOPBACK, answers, free_port
from deploy.local.process import Child
from deploy.local.waiting import HANGS_AFTER_S, wait_until

# Debian's wrapper in /usr/sbin changes to the service's user and folders; the real script does not.
SCRIPTS = Path("/usr/lib/rabbitmq/bin")
SERVER = "rabbitmq-server"
NODE = "tungngo@localhost"
AMQP_GREETING = b"AMQP\x00\x00\x09\x01"


def find_script(name: str) -> Path | None:
    """`rabbitmq-server` or `rabbitmqctl` as installed."""
    if (SCRIPTS / name).exists():
        return SCRIPTS / name
    found = shutil.which(name)
    return Path(found) if found else None


def find_or_install() -> Path:
    """Raises: CannotRun where it is missing and cannot be installed."""
    if not find_script(SERVER):
        apt.install(SERVER)
    found = find_script(SERVER)
    if found is None:
        raise FileNotFoundError(SERVER)
    return found


@dataclass
class RabbitNode:
    """A broker of our own; its queues stay in `folder` from one start to the next."""

    folder: Path
    preferred_port: int | None = None
    with_management: bool = False
    further_configuration: tuple[str, ...] = ()
    port: int = 0
    management_port: int = 0
    child: Child | None = field(default=None, repr=False)
    _epmd: Child | None = field(default=None, repr=False)
    _epmd_port: int = 0

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{LOOPBACK}:{self.port}/"

    @property
    def management_url(self) -> str:
        return f"http://guest:guest@{LOOPBACK}:{self.management_port}"

    def start(self) -> None:
        """Returns when it accepts connections."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Starts the node without waiting for it."""
        server = find_or_install()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port(self.port or self.preferred_port)
        if self.with_management:
            self.management_port = free_port(self.management_port or None)
        self._start_epmd()
        self._write_configuration()
        self.child = Child(
            [str(server)], self.folder / "rabbitmq.log", env=self._environment(), cwd=self.folder
        )

    def wait_ready(self) -> None:
        """Returns when it speaks AMQP and, if asked for, when its management answers."""
        child = self._running()
        wait_until(lambda: answers(self.port, AMQP_GREETING), child)
        if self.with_management:
            wait_until(lambda: answers(self.management_port), child)

    def stop(self) -> None:
        for child in (self.child, self._epmd):
            if child:
                child.stop()

    def kill(self) -> None:
        """kill -9, as a crash would."""
        self._running().kill()

    def pause(self) -> None:
        """It keeps its connections and answers nothing."""
        self._running().signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._running().signal(signal.SIGCONT)

    def control(self, *arguments: str) -> str:
        """Runs `rabbitmqctl` on this node; seconds, so not in a loop."""
        done = subprocess.run(
            [str(find_script("rabbitmqctl")), "--node", NODE, *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=HANGS_AFTER_S,
            check=True,
        )
        return done.stdout

    def _running(self) -> Child:
        if self.child is None:
            raise RuntimeError("not started")
        return self.child

    def _start_epmd(self) -> None:
        """Erlang would leave one behind for the whole machine; ours ends with the node."""
        if self._epmd and self._epmd.running():
            return
        self._epmd_port = free_port()
        command = ["epmd", "-port", str(self._epmd_port), "-address", LOOPBACK]
        self._epmd = Child(command, self.folder / "epmd.log")
        wait_until(lambda: answers(self._epmd_port), self._epmd)

    def _write_configuration(self) -> None:
        lines = [
            f"listeners.tcp.local = {LOOPBACK}:{self.port}",
            "log.file = false",
            "log.console = true",
            "log.console.level = warning",
            "disk_free_limit.absolute = 200MB",
            "raft.wal_max_size_bytes = 67108864",
            *self.further_configuration,
        ]
        if self.with_management:
            lines += [
                f"management.tcp.ip = {LOOPBACK}",
                f"management.tcp.port = {self.management_port}",
            ]
        plugins = "[rabbitmq_management]." if self.with_management else "[]."
        (self.folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (self.folder / "advanced.config").write_text("[].\n")
        (self.folder / "enabled_plugins").write_text(plugins + "\n")

    def _environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("RABBITMQ_", "ERL_"))}
        return inherited | {
            "HOME": str(self.folder),  # where Erlang keeps the node's cookie
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the node: one process to end
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ("-kernel inet_dist_use_interface {127,0,0,1}"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.folder / "schema"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(self.folder / "feature_flags"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
        }
