"""Which server a process uses: the one named by a URL, Compose's, or our own."""

import os
import threading

from workbook.base import paths, settings
from workbook.postgres import embedded
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import Server

CHOICES = ("embedded", "compose", "testcontainers")

_mutex = threading.RLock()
_attached: tuple[tuple[str, ...], Server] | None = None


def attach(choice: str | None = None) -> Server:
    """Return the server of this process, started where need be; the same one on every call.

    WORKBOOK_DATABASE_URL comes first, then `choice` or WORKBOOK_POSTGRES, then a running Compose
    `db` of this checkout, then the embedded server. Waits are bounded; raises PostgresProblem.
    """
    global _attached
    with _mutex:
        key = _key(choice)
        if _attached and _attached[0] == key:
            server = _attached[1]
            if not server.alive():
                server.start()
            return server
        release()
        server = _chosen(choice or settings.read().postgres)
        _attached = (key, server)
        return server


def release() -> None:
    """Give up this process's hold on its server, if it has one."""
    global _attached
    with _mutex:
        attached, _attached = _attached, None
        if attached:
            attached[1].release()


def _key(choice: str | None) -> tuple[str, ...]:
    """Return everything that decides which server it is."""
    given = settings.read()
    named = (given.database_url, given.admin_url, given.postgres, given.cluster)
    return (choice or "", str(paths.work()), *named)


def _chosen(choice: str) -> Server:
    """Modules are imported when they are wanted: the reaper and most notebooks need one of them."""
    if address := settings.read().database_url:
        from workbook.postgres import external

        return external.connect(address, settings.read().admin_url)
    if choice and choice not in CHOICES:
        raise PostgresProblem(
            f"There is no server of the kind {choice!r}. Choose one of {', '.join(CHOICES)}, with "
            "WORKBOOK_POSTGRES or --postgres, or set WORKBOOK_DATABASE_URL."
        )
    if choice == "testcontainers":
        from workbook.postgres import containers

        return containers.start()
    if choice != "embedded" and (found := _compose(wanted=choice == "compose")):
        return found
    server = embedded.of_checkout()
    server.start()
    return server


def _compose(*, wanted: bool) -> Server | None:
    from workbook.postgres import compose

    return compose.start() if wanted else compose.running()


def _after_fork() -> None:
    global _attached, _mutex
    _attached, _mutex = None, threading.RLock()


os.register_at_fork(after_in_child=_after_fork)
