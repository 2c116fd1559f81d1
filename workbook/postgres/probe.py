"""Ask a port whether PostgreSQL takes connections there, and find ports that are free."""

import random
import socket
import struct

from workbook.base import port_leases
from workbook.base.ports import is_free
from workbook.base.waiting import eventually_sync
from workbook.postgres.server import APP

# Below the range from which systems take the ports of outgoing connections: nobody takes ours
# by chance while the server is down for a restart.
PORTS = range(20000, 32000)
PROTOCOL = 3 << 16


def answers(host: str, port: int, *, seconds: float = 1.5) -> bool:
    """Say whether a server there gets as far as asking for a password, within `seconds`."""
    words = f"user\0{APP}\0database\0postgres\0\0".encode()
    try:
        with socket.create_connection((host, port), timeout=seconds) as line:
            line.sendall(struct.pack("!ii", 8 + len(words), PROTOCOL) + words)
            said = line.recv(1024)
    except OSError:
        return False
    return said[:1] == b"R" or b"C53300" in said  # asks for a password; or has too many clients


def wait_until_answers(host: str, port: int, *, seconds: float) -> bool:
    """Wait until a server takes connections there, at most so many seconds."""
    return eventually_sync(lambda: answers(host, port), seconds, 0.05)


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nothing listens, and which no other process was given."""
    drawn = iter(lambda: random.choice(PORTS), 0)
    return next(port for port in drawn if port_leases.take(port) and is_free(port))
