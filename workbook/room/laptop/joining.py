"""`wb lab --room`: the reports begin with JupyterLab and end with it."""

import contextlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from workbook.base.problem import Problem
from workbook.room.laptop import membership, sentences
from workbook.room.laptop.membership import Now
from workbook.room.laptop.post import NotSent, post
from workbook.room.laptop.sender import Sender
from workbook.room.laptop.watching import Watched
from workbook.room.wire.code import Code


def chosen_name(given: str | None) -> str:
    """The name that was given, else that of the last time, else the one that is typed now."""
    if name := given or membership.remembered_name():
        return name
    if not sys.stdin.isatty():
        raise Problem("Say under which name the room is to see you: --name NAME")
    return input("Under which name is the room to see you? ")


@contextmanager
def joined(code: Code, name: str) -> Iterator[Now]:
    """Send reports for the length of a block, from a thread that nobody waits for.

    Problem if the name cannot be used, or if another process of this folder sends some.
    """
    if other := membership.current():
        raise sentences.reports_already(other)
    try:
        now = membership.join(code, name)
    except ValueError as error:
        raise sentences.bad_name(error) from None
    sender = _sender(code, now)
    sender.start()
    try:
        yield now
    finally:
        sender.stop()
        membership.leave()


def _sender(code: Code, now: Now) -> Sender:
    noted = [now]

    def told(problem: NotSent | None) -> None:
        with contextlib.suppress(OSError):  # a full disk keeps `wb status` from the newest, no more
            noted[0] = membership.told(noted[0], str(problem or ""))

    return Sender(partial(post, code), now.name, now.laptop, Watched().read, told)
