"""Where in the learner's own files something happened."""

import linecache
import traceback
from collections.abc import Iterable
from pathlib import Path


def place(filename: str, line: int, workspace: str) -> str:
    """`file, line N: code` of a line of the learner's."""
    name = Path(filename).relative_to(workspace)
    shown = "your cell" if name == Path("answer.py") else str(name)
    return f"{shown}, line {line}: {linecache.getline(filename, line).strip()}"


def first_place(lines: Iterable[tuple[str, int]], workspace: str) -> str:
    """The first of these lines that is the learner's; an empty string where none is."""
    found = ((name, line) for name, line in lines if name.startswith(workspace))
    return next((place(name, line, workspace) for name, line in found), "")


def learners_line(error: BaseException, workspace: str) -> str:
    """The deepest line of the learner's that the error came through, or an empty string."""
    if isinstance(error, SyntaxError) and error.filename and workspace in error.filename:
        return place(error.filename, error.lineno or 0, workspace)
    frames = traceback.extract_tb(error.__traceback__)
    lines = ((frame.filename, frame.lineno or 0) for frame in reversed(frames))
    return first_place(lines, workspace)
