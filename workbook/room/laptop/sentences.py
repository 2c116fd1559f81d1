"""What a learner is told of a room: that it is on, and what is sent, to the letter."""

import time

from workbook.base import settings
from workbook.base.problem import Problem
from workbook.room.laptop import membership
from workbook.room.laptop.membership import Now
from workbook.room.laptop.watching import Watched
from workbook.room.wire import report
from workbook.room.wire.code import Code
from workbook.room.wire.report import Report

NOTHING = "No room: nothing is sent. You join one with: ./wb lab --room CODE"


def joined(now: Now) -> str:
    """What `wb lab --room` says before the first report."""
    return (
        f"Room: your name ({now.name}) and the verdict, attempts and hints of each exercise go to "
        f"{Code.parse(now.code).address}; your code never does. "
        "./wb room --show prints all of it, and ./wb lab without --room sends nothing."
    )


HUB = (
    "Room: the verdict, attempts and hints of each exercise go to the board of this hub, under the "
    "name with which you signed in; your code never does."
)


def state() -> str:
    """A line for `wb status`."""
    now = membership.current()
    if now is None:
        return HUB if settings.read().hub_board else NOTHING
    line = f"Room: your progress is sent to {Code.parse(now.code).address} as {now.name}"
    took = f"the last report was taken at {_clock(now.received)}" if now.received else ""
    why = f"the newest one was not, since {now.problem}" if now.problem else ""
    rest = ", and ".join(filter(None, [took, why])) or "the first report is on its way"
    return f"{line}; {rest}. All of it: ./wb room --show"


def show() -> str:
    """The request as it is sent, byte for byte, and to whom."""
    now = membership.current()
    if now is None:
        return NOTHING
    code = Code.parse(now.code)
    said = Report(name=now.name, laptop=now.laptop, exercises=Watched().read())
    body = report.body(said)
    headers = report.headers(code.address, code.token, len(body))
    lines = [f"This goes to {code.address}, encrypted, when it changes, and else every 15 seconds:"]
    lines += ["", f"POST {report.PATH} HTTP/1.1"]
    lines += [f"{key}: {value}" for key, value in headers.items()]
    return "\n".join([*lines, "", body.decode(), "", LEGEND])


LEGEND = (
    "`laptop` is a random number of yours for this room: who has it may speak under your name. "
    "There is nothing else. The room sees the address of your laptop, as each server does."
)


def reports_already(now: Now) -> Problem:
    """What to tell somebody who joins a room for the second time."""
    return Problem(
        f"This folder reports already, to {Code.parse(now.code).address} as {now.name}. To join "
        f"anew, press Ctrl-C in the terminal that does (process {now.pid}), and run this again."
    )


def bad_name(error: ValueError) -> Problem:
    """What to tell somebody whose name cannot be used."""
    return Problem(f"This name cannot be used: {error}. Choose one with --name.")


def _clock(moment: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment))
