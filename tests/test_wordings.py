"""What Pythons word differently is told, and judged, in the same way of all their words."""

import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbook import dictionary
from workbook.base import paths
from workbook.checks import known_mistakes
from workbook.dictionary import words

WORDINGS = {
    "await 1": ("object int can't be used in 'await' expression", "'int' object can't be awaited"),
    "await (n for n in [])": (
        "object generator can't be used in 'await' expression",
        "'generator' object can't be awaited",
    ),
    "await manager()": (
        "object _AsyncGeneratorContextManager can't be used in 'await' expression",
        "'_AsyncGeneratorContextManager' object can't be awaited",
    ),
    "await select(column('id'))": (
        "object Select can't be used in 'await' expression",
        "'Select' object can't be awaited",
    ),
    "await print": (
        "object builtin_function_or_method can't be used in 'await' expression",
        "'builtin_function_or_method' object can't be awaited",
    ),
    "async with 1: pass": (
        "'int' object does not support the asynchronous context manager protocol",
        "'int' object does not support the asynchronous context manager protocol"
        " (missed __aexit__ method)",
    ),
    "async with async_sessionmaker(): pass": (
        "'async_sessionmaker' object does not support the asynchronous context manager protocol",
        "'sqlalchemy.ext.asyncio.session.async_sessionmaker' object does not support the"
        " asynchronous context manager protocol (missed __aexit__ method)",
    ),
    "with manager(): pass": (
        "'_AsyncGeneratorContextManager' object does not support the context manager protocol",
        "'contextlib._AsyncGeneratorContextManager' object does not support the context manager"
        " protocol (missed __exit__ method) but it supports the asynchronous context manager"
        " protocol. Did you mean to use 'async with'?",
    ),
    "a, b = 1, 2, 3": (
        "too many values to unpack (expected 2)",
        "too many values to unpack (expected 2, got 3)",
    ),
    "5 in 5": (
        "argument of type 'int' is not iterable",
        "argument of type 'int' is not a container or iterable",
    ),
    "{{}}": (
        "unhashable type: 'dict'",
        "cannot use 'dict' as a set element (unhashable type: 'dict')",
    ),
    "{[]: 1}": (
        "unhashable type: 'list'",
        "cannot use 'list' as a dict key (unhashable type: 'list')",
    ),
    "dict([1])": (
        "cannot convert dictionary update sequence element #0 to a sequence",
        "object is not iterable",
    ),
    "dict(**1)": (
        "dict() argument after ** must be a mapping, not int",
        "Value after ** must be a mapping, not int",
    ),
    "print(*1)": (
        "print() argument after * must be an iterable, not int",
        "Value after * must be an iterable, not int",
    ),
    "max([])": ("max() arg is an empty sequence", "max() iterable argument is empty"),
    "[].index(1)": ("1 is not in list", "list.index(x): x not in list"),
    "Path(1)": (
        "expected str, bytes or os.PathLike object, not int",
        "argument should be a str or an os.PathLike object where __fspath__ returns a str,"
        " not 'int'",
    ),
    "'a' % 1": (
        "not all arguments converted during string formatting",
        "not all arguments converted during string formatting (required 0, got 1)",
    ),
    "Abstract()": (
        "Can't instantiate abstract class Abstract with abstract method ends",
        "Can't instantiate abstract class Abstract without an implementation for abstract method"
        " 'ends'",
    ),
    "call(colour=1)": (
        "call() got an unexpected keyword argument 'colour'",
        "call() got an unexpected keyword argument 'colour'. Did you mean 'color'?",
    ),
    "1 / 0": ("division by zero",),
    "1.0 / 0": ("float division by zero", "division by zero"),
    "1 // 0": ("integer division or modulo by zero", "division by zero"),
    "1 % 0": ("integer modulo by zero", "integer division or modulo by zero", "division by zero"),
}
"""A line that raises, and what the Pythons from 3.11 to 3.15 say of it."""
LINES = """
import abc, contextlib
from pathlib import Path
from sqlalchemy import column, select
from sqlalchemy.ext.asyncio import async_sessionmaker

@contextlib.asynccontextmanager
async def manager():
    yield

class Abstract(abc.ABC):
    @abc.abstractmethod
    def ends(self): ...

def call(color): ...

async def raises():
    {}
"""
DIFFERENT = [(line, said) for line, said in WORDINGS.items() if len(said) > 1]


def raised(line: str) -> Exception:
    made: dict[str, Any] = {}
    exec(LINES.format(line), made)
    with pytest.raises(Exception) as found:
        asyncio.run(made["raises"]())
    return found.value


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("line", WORDINGS)
def test_this_python_says_one_of_them(line: str) -> None:
    assert str(raised(line)) in WORDINGS[line]


def told(error: Exception) -> tuple[str, str]:
    """What `lab.explain()` begins with, and what a check says of it."""
    known = dictionary.entry(error, "05")
    return known.title if known else words.of_kind(error), known_mistakes.meaning(error)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("line", "said"), DIFFERENT, ids=lambda each: str(each)[:30])
def test_all_of_them_mean_the_same(line: str, said: tuple[str, ...]) -> None:
    kind = type(raised(line))
    assert len({told(kind(each)) for each in said}) == 1


def texts(path: Path) -> Iterator[str]:
    """The texts of a module that are more than one word."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    values = (node.value for node in nodes if isinstance(node, ast.Constant))
    return (each for each in values if isinstance(each, str) and " " in each.strip())


def test_a_module_that_looks_for_one_finds_the_others() -> None:
    for path in sorted((paths.ROOT / "workbook").rglob("*.py")):
        looked_for = [*texts(path)]
        for line, said in DIFFERENT:
            found = [any(each in message for each in looked_for) for message in said]
            assert any(found) == all(found), (path.name, line)
