"""The process that stops a server when nobody uses it any more."""

import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from workbook.postgres import process
from workbook.postgres.layout import Layout
from workbook.postgres.locks import Lock
from workbook.postgres.problem import PostgresProblem


def in_use(layout: Layout) -> bool:
    """Say whether any process holds the server."""
    users = Lock(layout.users, create=False)
    if not users.try_take():
        return True
    users.free()
    return False


def close_down(layout: Layout, own: Lock) -> bool:
    """Stop the server unless somebody has come; say whether it is done.

    Who comes takes `users` first and `starting` second. Holding both here means that nobody is
    on the way; giving up `keeper` before them means that the next one sees that it needs a keeper.
    """
    starting, users = Lock(layout.starting, create=False), Lock(layout.users, create=False)
    try:
        if not starting.try_take() or not users.try_take():
            return False
        process.end(layout.data, "fast", seconds=20.0)
        own.free()
        return True
    finally:
        users.free()
        starting.free()


def keep(layout: Layout, seconds: int) -> None:
    """Return when the server was unused for so many seconds, and is stopped."""
    own = Lock(layout.keeper, create=False)
    if not own.take(seconds=2.0):
        return
    quiet = 0
    while True:
        time.sleep(1.0)
        quiet = 0 if in_use(layout) else quiet + 1
        due = quiet >= seconds or not process.running(layout.data)
        if quiet and due and close_down(layout, own):
            return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with suppress(PostgresProblem):  # the folder is gone, and nothing is left to keep
        keep(Layout(Path(sys.argv[1])), int(sys.argv[2]))
