"""A learner's answer to one exercise: where it is, and whether it was begun."""

import hashlib
import inspect
import linecache
from types import FunctionType
from typing import Any

from workbook import graft, paths
from workbook.material import Exercise


def text(exercise: Exercise, namespace: dict[str, Any]) -> str | None:
    """The source that holds the answer: a file of the app, or the cell that defined it."""
    if exercise.path is None:
        return _cell(namespace.get(exercise.names[0]))
    path = paths.myapp() / exercise.path
    return path.read_text("utf-8", errors="replace") if path.exists() else None


def _cell(found: object) -> str | None:
    """All of the cell in which a function or class was defined."""
    if isinstance(found, FunctionType):
        lines = linecache.getlines(found.__code__.co_filename)
        return "".join(lines) or None
    if isinstance(found, type):
        return inspect.getsource(found)
    return None


def attempted(exercise: Exercise, source: str) -> bool:
    """Whether the answer differs from the stub; a file that does not parse was attempted."""
    try:
        graft.split(source)
    except SyntaxError:
        return True
    mine = graft.definitions(source, exercise.names)
    stub = graft.definitions(exercise.stub, exercise.names)
    return any(mine.get(name, stub.get(name)) != stub.get(name) for name in exercise.names)


def digest(source: str) -> str:
    """A short name for exactly this text."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]
