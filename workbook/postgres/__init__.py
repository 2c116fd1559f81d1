"""Where a server comes from: embedded, a URL, Compose or testcontainers, behind one interface."""

from workbook.postgres.embedded import EmbeddedServer, new_private_cluster, of_checkout
from workbook.postgres.problem import AGAIN, SERVER_GONE, PostgresProblem
from workbook.postgres.selection import attach, release
from workbook.postgres.server import Mode, Role, Server

__all__ = [
    "AGAIN",
    "SERVER_GONE",
    "EmbeddedServer",
    "Mode",
    "PostgresProblem",
    "Role",
    "Server",
    "attach",
    "new_private_cluster",
    "of_checkout",
    "release",
]
