"""The process that stops a server when nobody uses it any more."""

import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from workbook.postgres import process
from workbook.postgres.layout import Layout
from workbook.postgres.locks import ServerLock
from workbook.postgres.problem import PostgresProblem


def close_down(layout: Layout, own: ServerLock) -> bool:
    """Stop the server unless somebody has come; say whether it is done.

    Who comes takes `users` first and `starting` second. Holding both here means that nobody is
    on the way; giving up `reaper` before them means that the next one sees that it needs a reaper.
    """
    starting, users = (
        ServerLock(layout.starting, create=False),
        ServerLock(layout.users, create=False),
    )
    try:
        if not starting.try_take() or not users.try_take():
            return False
        process.end(layout.data, "fast", seconds=20.0)
        own.free()
        return True
    finally:
        users.free()
        starting.free()


def watch(layout: Layout, seconds: int) -> None:
    """Stop the server when nobody has used it for so many seconds, and return.

    A lock that cannot be opened says nothing: its folder may be another account's for a moment, or
    on a disk that is away. It is asked again, as long as the server lives.
    """
    own, users = (ServerLock(each, create=False) for each in (layout.reaper, layout.users))
    if not own.take(seconds=2.0):
        return
    quiet, server = 0, process.running(layout.data)
    while True:
        time.sleep(1.0)
        server = process.running(layout.data) or server
        try:
            quiet = 0 if users.is_taken() else quiet + 1
            due = quiet >= seconds or not process.running(layout.data)
            if quiet and due and close_down(layout, own):
                return
        except PostgresProblem:
            if server is None or not process.lives(server):
                return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with suppress(PostgresProblem):  # the folder is gone, or no file of it can be opened
        watch(Layout(Path(sys.argv[1])), int(sys.argv[2]))
