"""The names that were meant, perhaps: of attributes, arguments, modules and variables.

Nothing of the learner's is run: names are read from classes, modules, frames and signatures.
"""

import builtins
import difflib
import inspect
import re
import sys
import traceback
from collections.abc import Iterable
from types import FunctionType, ModuleType
from typing import TypeGuard

from workbook.dictionary import surroundings, whereabouts

UNEXPECTED = re.compile(r"([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'")
FEW = 12
"""So many arguments are listed where none is near."""


def names(error: BaseException) -> str:
    """A sentence with the names that are near to the one that is not there; or ""."""
    if isinstance(error, TypeError):
        return _arguments(error)
    asked = str(getattr(error, "name", None) or "")
    if isinstance(error, AttributeError) and error.obj is not None:
        near = _near(asked, _attributes(error.obj), "It has")
        of_module = error.obj.__name__ if isinstance(error.obj, ModuleType) else ""
        new = whereabouts.since(asked, of_module) or whereabouts.of_table(asked, error.obj)
        return new or near or whereabouts.owners(asked, type(error.obj))
    if isinstance(error, NameError):
        near = "" if asked.startswith("__") else _near(asked, _visible(error), "There is")
        return f"{near} {whereabouts.imported(asked)}".strip()
    if isinstance(error, KeyError):
        return _keys(error)
    if isinstance(error, ImportError) and (wanted := re.search(r"import name '(\w+)'", str(error))):
        module = sys.modules.get(asked)
        near = _near(wanted[1], vars(module) if module else (), "It has")
        return whereabouts.since(wanted[1], asked) or near
    return ""


def _near(asked: str, there: Iterable[str], begins: str) -> str:
    public = sorted({each for each in there if asked.startswith("_") or not each.startswith("_")})
    others = [each for each in public if each != asked]
    same = [each for each in others if each.lower() == asked.lower()]
    found = same or difflib.get_close_matches(asked, others, n=3)
    return f"{begins} {_listed(found)}." if found else ""


def _listed(found: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in found)


def _keys(error: KeyError) -> str:
    """The keys of the dictionary of that line which does not have this one."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
    named = [pair for frame in frames for pair in {**frame.f_globals, **frame.f_locals}.items()]
    read = surroundings.line(error)
    found = [(name, each) for name, each in named if type(each) is dict and f"{name}[" in read]
    there = [(name, each) for name, each in found if not any(key in each for key in error.args)]
    listed = [f"`{name}` has {_shown(each)}." for name, each in there if name.isidentifier()]
    return " ".join(listed[:1])


def _shown(values: dict[object, object]) -> str:
    return ", ".join(f"`{each!r}`" for each in list(values)[:FEW]) or "no keys"


def _attributes(asked: object) -> set[str]:
    """What the class of the object defines, the fields of a schema, or what is in a module."""
    if isinstance(asked, ModuleType):
        return set(vars(asked))
    kind = asked if isinstance(asked, type) else type(asked)
    of_classes = [vars(each) for each in kind.__mro__]
    fields = (each.get("__pydantic_fields__") for each in of_classes)
    return {*(name for each in of_classes for name in each), *next(filter(None, fields), ())}


def _visible(error: BaseException) -> set[str]:
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
    return {name for each in frames for name in (*each.f_locals, *each.f_globals)} | {
        each for each in vars(builtins) if each[:1].islower()
    }


def _arguments(error: TypeError) -> str:
    if not (found := UNEXPECTED.search(str(error))):
        return ""
    functions = {id(each): each for each in _functions(found[1], error)}
    if len(functions) != 1:
        return ""
    takes = [
        each
        for each in _parameters(*functions.values())
        if each not in ("self", "cls") and each[0] != "_"
    ]
    listed = f"It takes {_listed(takes)}." if 0 < len(takes) <= FEW else ""
    return _near(found[2], takes, "It has") or listed


def _parameters(function: FunctionType) -> list[str]:
    code = function.__code__
    return list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def _functions(qualified: str, error: BaseException) -> list[FunctionType]:
    """The functions that the message can mean: seen from the frame that called, itself or in a
    module; where there is none, of a class in any module.
    """
    owner, _, name = qualified.rpartition(".")
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
    seen = [each for one in frames for each in (*one.f_locals.values(), *one.f_globals.values())]
    if not owner:
        return [each for each in seen if _is_called(each, qualified)]
    for circle in ([*seen, *_inside(seen, owner)], _inside(list(sys.modules.values()), owner)):
        named = [each for each in circle if isinstance(each, type) and each.__name__ == owner]
        methods = [_plain(vars(each).get(name)) for each in named]
        if found := [each for each in methods if _is_called(each, qualified)]:
            return found
    return []


def _inside(seen: list[object], name: str) -> list[object]:
    """What the modules among these have under this name."""
    return [vars(each).get(name) for each in seen if isinstance(each, ModuleType)]


def _plain(found: object) -> object:
    return found.__func__ if isinstance(found, (staticmethod, classmethod)) else found


def _is_called(each: object, qualified: str) -> TypeGuard[FunctionType]:
    if not inspect.isfunction(each) or each.__qualname__ != qualified:
        return False
    return not each.__code__.co_flags & inspect.CO_VARKEYWORDS
