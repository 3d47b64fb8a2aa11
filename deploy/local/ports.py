"""Ports on the loopback address."""

import contextlib
import random
import socket

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether we could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port(preferred: int | None = None) -> int:
    """`preferred` when nobody has it, else one that clients are never given.

    A client that looks for a server that is away might be given the server's own port to call
    from, and reach itself; the server could not come back.
    """
    if preferred is not None and is_free(preferred):
        return preferred
    return next(port for port in iter(_below_those_of_clients, None) if is_free(port))


def _below_those_of_clients() -> int:
    """Linux gives clients ports from 32768 on (net.ipv4.ip_local_port_range)."""
    return random.randrange(20_000, 32_000)


def answers(port: int, say: bytes = b"") -> bool:
    """Whether something listens there and, if we `say` something, replies."""
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1) as connection:
        if not say:
            return True
        connection.settimeout(2)
        connection.sendall(say)
        return bool(connection.recv(1))
    return False
