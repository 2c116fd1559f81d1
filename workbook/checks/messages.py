"""What an error says, as a verdict shows it: its class and the beginning of its message."""

import re

from workbook.checks.answer import plain

LENGTH = 240
"""How many characters of a message are shown."""
_DRIVER = re.compile(r"\(\S+\) <class '(?:[\w.]+\.)?(\w+)'>: ")
"""What SQLAlchemy writes before the driver's own message."""


def message(error: BaseException) -> str:
    """`Class: message`: the first line of it, without addresses, and cut where it is long."""
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    text = _DRIVER.sub(r"\1: ", said).strip()
    line = " ".join(plain(next(iter(text.splitlines()), "")).split())
    return f"{type(error).__name__}: {_cut(line)}" if line else type(error).__name__


def _cut(text: str) -> str:
    """The text, to the end of the last sentence that fits; or of the last word."""
    if len(text) <= LENGTH:
        return text
    begin = text[:LENGTH]
    sentences = begin.rpartition(". ")[0]
    return f"{sentences}. …" if sentences else f"{begin.rpartition(' ')[0] or begin} …"


def innermost(error: BaseException) -> BaseException:
    """The first error of a group, also where groups are in it; any other error is its own."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
