"""Errors in a notebook: the learner's own lines and the message, without the library's frames."""

import dis
import linecache
import re
import sysconfig
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from workbook.base import paths
from workbook.base.causes import causes
from workbook.base.problem import Problem
from workbook.lab import ipython


def brief(error: BaseException) -> list[str]:
    """Where the learner's lines are, which libraries lie between, and the message."""
    if isinstance(error, Problem):
        return [str(error)]
    if isinstance(error, SyntaxError):
        return "".join(traceback.format_exception_only(error)).rstrip().splitlines()
    message = re.sub(r"(?s)<(Task|Future) .*?>(?= got | attached )", r"<\1 …>", str(error))
    return [*_places(error), f"{type(error).__name__}: {message}"]


def _places(error: BaseException) -> Iterator[str]:
    libraries: list[str] = []
    for frame in traceback.extract_tb(error.__traceback__):
        if not (where := _own(frame.filename)):
            name = _library(frame.filename)
            libraries += [name] if name and name not in libraries else []
            continue
        if libraries:
            yield f"  … inside {', '.join(libraries)}"
            libraries = []
        yield _line(where, frame)
    if libraries:
        yield f"  … inside {', '.join(libraries)}"


def own_line(error: BaseException) -> str:
    """The deepest line of the learner's own that the error passed, as a sentence; or ""."""
    if isinstance(error, SyntaxError):
        return f"Your line is line {error.lineno}:  {(error.text or '').strip()}"
    found = [
        (_named(frame.filename), frame)
        for each in reversed(list(causes(error)))
        for frame in traceback.extract_tb(each.__traceback__)
        if _own(frame.filename)
    ]
    if not found:
        return "No line of yours is in its traceback."
    where, frame = found[-1]
    return f"Your line is {_line(where, frame)}"


def raised_by_cell(error: BaseException) -> bool:
    """Whether the learner's code got the error from Python or a library, and not from us."""
    passed = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    ours = str(paths.ROOT / "workbook")
    return any(map(_own, passed)) and not any(each.startswith(ours) for each in passed)


STUMBLED = (
    " So the library stumbled itself: over what it was given, or over a version of another library"
    " that it does not fit."
)
_PYTHON = [Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")]
_OF_LIBRARIES = {"site-packages", "dist-packages"}
RAISES = {dis.opmap["RAISE_VARARGS"], dis.opmap["RERAISE"]}


def raised_in(error: BaseException) -> str:
    """Which function of a library raised the error, as a sentence; "" where it was no library's."""
    last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    if not last or _own(last.tb_frame.f_code.co_filename):
        return ""
    module = str(last.tb_frame.f_globals.get("__name__", ""))
    where = f"It was raised in `{module}.{last.tb_frame.f_code.co_name}`."
    of_python = type(error).__module__ == "builtins"
    return where + STUMBLED * (of_python and _stumbled(last)) if "." in module else ""


def _stumbled(last: TracebackType) -> bool:
    """Whether Python raised it there, and no `raise`, which would be the library's answer."""
    code = last.tb_frame.f_code
    if not code.co_filename.endswith(".py") or code.co_name.startswith("__"):
        return False
    return code.co_code[last.tb_lasti] not in RAISES


def _named(filename: str) -> str:
    """A cell by the number that it got when it ran, which tells it from the other cells."""
    return ipython.cell_name(filename) or _own(filename)


def _line(where: str, frame: traceback.FrameSummary) -> str:
    """A line with what stands there; without it where the file is gone by now."""
    return f"{where}, line {frame.lineno}:  {_source(frame)}".removesuffix(":  ")


def _source(frame: traceback.FrameSummary) -> str:
    return frame.line or linecache.getline(frame.filename, frame.lineno or 0).strip()


def _own(filename: str) -> str:
    """How a file of the learner's is called; empty for one of a library, of Python, or of ours."""
    if "ipykernel_" in filename or filename.startswith("<ipython-input"):
        return "your code"
    path = Path(filename)
    for folder in (paths.myapp(), paths.state() / "standin", paths.work()):
        if path.is_relative_to(folder):
            return str(path.relative_to(folder))
    elsewhere = path.is_absolute() and not any(map(path.is_relative_to, (paths.ROOT, *_PYTHON)))
    return filename if elsewhere and not _OF_LIBRARIES & set(path.parts) else ""


def _library(filename: str) -> str:
    parts = Path(filename).parts
    if "site-packages" in parts:
        name = parts[parts.index("site-packages") + 1].removesuffix(".py")
        return "" if name in ("IPython", "ipykernel") else name
    return "asyncio" if "asyncio" in parts else ""
