"""What Python itself says of a line of the learner's while it reads the file."""

from collections.abc import Iterable
from warnings import WarningMessage

from workbook.checks.places import first_place

LABEL = "Python warns"
_HARMLESS = "escape sequence"
_BESIDE = "'finally' block"
"""Python 3.14 and newer warn of every `return` there: it may be a mistake, and it need not be."""


def of_syntax(complaints: Iterable[WarningMessage], workspace: str) -> str:
    """The first line of the learner's that hardly means what it says, and why; or ""."""
    for each in complaints:
        said, where = str(each.message), first_place([(each.filename, each.lineno)], workspace)
        if issubclass(each.category, SyntaxWarning) and where and _HARMLESS not in said:
            return f"{said} ({where})"
    return ""


def is_the_mistake(warning: str) -> bool:
    """Whether this line is what is wrong, so that a question about another one would mislead."""
    return bool(warning) and _BESIDE not in warning
