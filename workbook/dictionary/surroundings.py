"""Signs of an error that neither its message nor its functions show: the line that raised it, and
where a module was found.
"""

import linecache
import re
import sysconfig
import traceback
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

OF_JSON = "a line with .json()"
OF_ASYNCPG = "a line with a connection of asyncpg's"
HIDDEN = "a file with the name of a package"
INSTALLED = sorted({sysconfig.get_path(each) for each in ("stdlib", "platstdlib", "purelib")})
"""Where Python's own modules and the installed packages lie."""


def signs(error: BaseException) -> Iterator[str]:
    """The signs that are seen at this error."""
    if isinstance(error, KeyError) and re.search(r"\.json\(\)", line(error)):
        yield OF_JSON
    if isinstance(error, (TypeError, AttributeError)) and _names_one_of_asyncpg(error):
        yield OF_ASYNCPG
    if isinstance(error, (ImportError, AttributeError)) and _hides(*_module(error)):
        yield HIDDEN


def _names_one_of_asyncpg(error: BaseException) -> bool:
    """Whether the line that raised the error makes a connection of asyncpg's, or names one."""
    names = set(re.findall(r"[A-Za-z_]\w*", line(error)))
    if {"asyncpg", "connect"} <= names:
        return True
    frame = list(traceback.walk_tb(error.__traceback__))[-1][0] if names else None
    held = [frame.f_locals.get(each, frame.f_globals.get(each)) for each in names] if frame else []
    return any(type(each).__module__ == "asyncpg.connection" for each in held)


def line(error: BaseException) -> str:
    """The line that raised the error, where its file is there to be read."""
    frames = list(traceback.walk_tb(error.__traceback__))[-1:]
    return "".join(linecache.getline(each.f_code.co_filename, at) for each, at in frames)


def _module(error: ImportError | AttributeError) -> tuple[str, str]:
    """The module that was asked for something, and its file."""
    if isinstance(error, ImportError):
        return error.name or "", str(error.path or "")
    asked = error.obj
    if not isinstance(asked, ModuleType):
        return "", ""
    return asked.__name__, str(vars(asked).get("__file__") or "")


def _hides(name: str, file: str) -> bool:
    """Whether this file lies outside of what is installed, where a package has its name."""
    top = name.partition(".")[0]
    if not top or not file or any(Path(file).is_relative_to(each) for each in INSTALLED):
        return False
    return PathFinder.find_spec(top, INSTALLED) is not None
