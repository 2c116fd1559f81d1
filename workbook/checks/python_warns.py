"""What Python itself says of a line of the learner's while it reads the file."""

from collections.abc import Iterable
from warnings import WarningMessage

from workbook.checks.places import first_place

LABEL = "Python warns"
_HARMLESS = "escape sequence"


def of_syntax(complaints: Iterable[WarningMessage], workspace: str) -> str:
    """The first line of the learner's that hardly means what it says, and why; or ""."""
    for each in complaints:
        said, where = str(each.message), first_place([(each.filename, each.lineno)], workspace)
        if issubclass(each.category, SyntaxWarning) and where and _HARMLESS not in said:
            return f"{said} ({where})"
    return ""
