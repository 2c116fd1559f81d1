"""Where in the learner's own files something happened."""

import linecache
import traceback
from collections.abc import Iterable
from pathlib import Path

from workbook.checks.verdict import OF_THE_APP, YOURS

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


def learners_line(error: BaseException, workspace: str, file: str = "") -> str:
    """The deepest line of the learner's that the error came through, or an empty string.

    With `file`, the path of one of the learner's, the deepest line of that file alone.
    """
    if isinstance(error, SyntaxError) and error.filename and workspace in error.filename:
        return place(error.filename, error.lineno or 0, workspace)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith(file or workspace):
            return place(frame.filename, frame.lineno or 0, workspace, frame.end_lineno or 0)
    return ""


def line_of_answer(error: BaseException, workspace: str, module: str) -> tuple[str, str]:
    """The line that a verdict shows of an error, with its label; two empty strings without one.

    That is the deepest line of the answer's own file: what it has called may stand in a file that
    was given. Of an error about names it is the line in which the name stands.
    """
    own = f"{workspace}/{module.replace('.', '/')}.py"
    of_names = isinstance(error, NameError | ImportError | SyntaxError)
    if not of_names and (where := learners_line(error, workspace, own)):
        return YOURS, where
    where = learners_line(error, workspace)
    return label_of(where, module) if where else "", where


def label_of(where: str, module: str) -> str:
    """Whether this line is one of the answer's own file, as a label says it."""
    own = "your cell" if module == "answer" else f"{module.replace('.', '/')}.py"
    return YOURS if not module or where.startswith(f"{own}, ") else OF_THE_APP


def learners_call(error: BaseException, workspace: str) -> str:
    """All lines of the learner's call that the error came through, however many; or nothing."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith(workspace):
            lines = range(frame.lineno or 0, (frame.end_lineno or frame.lineno or 0) + 1)
            return " ".join(linecache.getline(frame.filename, each).strip() for each in lines)
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
