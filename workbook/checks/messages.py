"""What an error says, as a verdict shows it: its class and the beginning of its message."""

import re

from workbook.checks.answer import plain

LENGTH = 240
"""How many characters of a message are shown."""
_BEFORE = re.compile(r"\(\S+\) (?:<class '\S+'>: )?")
"""What SQLAlchemy writes before the driver's own message."""
_PASSWORD = re.compile(r"(?<=://)([^\s:/@'\"]+):[^\s/@'\"]+(?=@)")
"""The user and the password of an address: a verdict may stand on a projector."""


def message(error: BaseException) -> str:
    """`Class: message`: the first line of it, without addresses, and cut where it is long.

    Where SQLAlchemy passes on an error of the driver's, the class of both.
    """
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    if driver := _driver_error(error):
        said = _BEFORE.sub("", said, count=1)
    line = _PASSWORD.sub(r"\1:…", " ".join(plain(_first_line(said.strip())).split()))
    kind = f"{type(error).__name__}{driver}"
    return f"{kind}: {_cut(line)}" if line else kind


def _first_line(said: str) -> str:
    """The first line, and behind one that ends at its colon the next, which says what it is."""
    lines = said.splitlines()
    last = next((n for n, each in enumerate(lines) if not each.endswith(":")), 0)
    return " ".join(lines[: last + 1])


def _driver_error(error: BaseException) -> str:
    """The driver's own class under an error of SQLAlchemy's; empty for every other error."""
    orig = getattr(error, "orig", None)
    under = getattr(orig, "driver_exception", None) or getattr(orig, "__cause__", None)
    return f" (asyncpg's {type(under).__name__})" if under is not None else ""


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
