"""Where in the learner's own files something happened."""

import linecache
import traceback
from collections.abc import Iterable
from pathlib import Path

MOST_LINES = 5
"""A call that goes over more lines than this is shown by its first one."""


def place(filename: str, line: int, workspace: str, last: int = 0) -> str:
    """`file, line N: code` of a line of the learner's; of all lines of a call, up to `last`."""
    name = Path(filename).relative_to(workspace)
    shown = "your cell" if name == Path("answer.py") else str(name)
    lines = range(line, last + 1 if line < last < line + MOST_LINES else line + 1)
    code = " ".join(linecache.getline(filename, number).strip() for number in lines)
    return f"{shown}, line {line}: {code.replace('( ', '(')}"


def first_place(lines: Iterable[tuple[str, int]], workspace: str) -> str:
    """The first of these lines that is the learner's; an empty string where none is."""
    found = ((name, line) for name, line in lines if name.startswith(workspace))
    return next((place(name, line, workspace) for name, line in found), "")


def learners_line(error: BaseException, workspace: str) -> str:
    """The deepest line of the learner's that the error came through, or an empty string."""
    if isinstance(error, SyntaxError) and error.filename and workspace in error.filename:
        return place(error.filename, error.lineno or 0, workspace)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith(workspace):
            return place(frame.filename, frame.lineno or 0, workspace, frame.end_lineno or 0)
    return ""


def caller_of_learners_line(error: BaseException, workspace: str) -> str:
    """The learner's line that called the function of that line; the line itself where none did."""
    frames = traceback.extract_tb(error.__traceback__)
    learners = [each for each in frames if each.filename.startswith(workspace)]
    functions = [each for each in learners if each.name != "<module>"] or learners
    frame = functions[-2:][0]
    return place(frame.filename, frame.lineno or 0, workspace, frame.end_lineno or 0)


def raised_by_learner(error: BaseException, workspace: str) -> bool:
    """Whether a line of the learner's raised the error, and not something that it called."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename.startswith(workspace)
