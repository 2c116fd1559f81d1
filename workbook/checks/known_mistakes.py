"""Errors whose message does not say what to mend, and often comes from a line further down."""

import ast
import contextlib
import inspect
import linecache
import re
import traceback
from typing import Any

from workbook.base.causes import causes
from workbook.checks import driver_mistakes

_AWAIT_MISSING = (
    (
        r"'coroutine' object does not support the asynchronous context manager",
        "`async with` was given a coroutine: the call before it has not run yet. Await it first,"
        " and end what it gives in a `finally`, unless that is a context manager itself.",
    ),
    (
        r"'coroutine' object is not callable",
        "A function was wanted, to be called later, and what a call gives came: a coroutine, which"
        " nobody awaits. Hand over the function itself, without brackets; a `lambda` where it needs"
        " more arguments.",
    ),
    (
        r"'coroutine'|(?:got|not|type|non-iterable|received) coroutine\b|coroutine found",
        "A call that has to be awaited was not: it gave a coroutine, which has not run yet and has"
        " no value. Put `await` before that call.",
    ),
    (
        r"await wasn't used with future|'(?:_GatheringFuture|_asyncio\.Future|Future)'",
        "`asyncio.gather(…)` gives a future, whose results come when it is awaited. Put `await`"
        " before it.",
    ),
    (
        r"'(?:_asyncio\.)?Task'",
        "A task was used where its result was wanted. Await the task: that gives its result.",
    ),
)
"""A part of the message, and what it means: a call was not awaited."""
_OTHERS = (
    (
        r"^(?:insert|update)\(\) got an unexpected keyword argument",
        "`insert(Model)` and `update(Model)` take the table only; the values of each go to its"
        " method `.values(…)`.",
    ),
    (
        r"operator does not exist: .* == ",
        "SQL has no `==`: it compares with a single `=`.",
    ),
    (
        r"No module named 'pytest_asyncio'",
        "The async tests of this app are run by AnyIO, so `@pytest.fixture` makes a fixture of an"
        " `async def` too.",
    ),
    (
        r"^Naming convention including %\(constraint_name\)s",
        "The convention makes the name of a CHECK from a short one that you give it, and this CHECK"
        " was given none: `name=…`.",
    ),
)
"""A part of the message, and what it means, where an entry of the dictionary could not tell the
function from others of its name.
"""


def meaning(error: BaseException, where: str = "") -> str:
    """What the message means, of an error that was raised at this line; empty where we know not."""
    found = (said for pattern, said in _OTHERS if re.search(pattern, str(error)))
    in_sql = text_in_double_quotes(error, where) or _psycopg_names_it(error, where)
    names = defined_below(error) or _no_such_on_conflict(error) or _called_too_early(error, where)
    other = _changed_in_place(error, where) or _code_of_sqlalchemys(error)
    of_driver = driver_mistakes.meaning(error, where)
    awaited = await_too_late(error, where) or await_missing(error)
    return awaited or next(found, "") or in_sql or names or other or of_driver


def _code_of_sqlalchemys(error: BaseException) -> str:
    """The SQLSTATE was looked for in SQLAlchemy's error; empty where it was another's."""
    of_sqlalchemy = type(getattr(error, "obj", None)).__module__ == "sqlalchemy.exc"
    if not isinstance(error, AttributeError) or error.name != "sqlstate" or not of_sqlalchemy:
        return ""
    return (
        "This error is SQLAlchemy's, around that of the driver: the code is `error.orig.sqlstate`."
    )


def _changed_in_place(error: BaseException, where: str) -> str:
    """The None is what a method gave that changes its list; empty where the line has no such."""
    used = isinstance(error, TypeError | AttributeError) and "'NoneType' object" in str(error)
    method = re.search(r"\.(sort|reverse|append|extend)\(", where)
    if not used or not method:
        return ""
    instead = {"sort": "`sorted(…)`", "reverse": "`reversed(…)`"}.get(method[1], "")
    return f"`.{method[1]}(…)` changes its list, and gives back None." + (
        f" A new list is {instead}." if instead else ""
    )


def defined_below(error: BaseException) -> str:
    """The missing name is made in the same file, further down; empty where it is not."""
    if not isinstance(error, NameError) or not error.__traceback__:
        return ""
    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    try:
        parts = ast.parse("".join(linecache.getlines(frame.f_code.co_filename))).body
    except SyntaxError:
        return ""
    made = [at for part in parts if (at := part.lineno) > line and _makes(part, error.name)]
    if not made:
        return ""
    return (
        f"`{error.name}` is made in line {made[0]} of this file, below line {line}, which uses it:"
        " Python reads a file from its top. In the list of files on the left, open the file, and"
        f" move `{error.name}` above what uses it."
    )


def _makes(part: ast.stmt, name: str | None) -> bool:
    """Whether a definition or an assignment at the top of a file gives this name its value."""
    if isinstance(part, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return part.name == name
    targets = part.targets if isinstance(part, ast.Assign) else []
    return any(isinstance(each, ast.Name) and each.id == name for each in targets)


def _psycopg_names_it(error: BaseException, where: str) -> str:
    """Values are named in another driver's way, where it is this that PostgreSQL cannot read."""
    statement = str(getattr(error, "statement", ""))
    if 'syntax error at or near "%"' in str(error) and re.search(r"%s|%\(\w+\)s", statement):
        if "exec_driver_sql" in where:
            return "`%s` is psycopg's. What goes to asyncpg as it is has `$1` for its first value."
        return "`%s` and `%(name)s` are psycopg's. A value is `:name` in `text()`: how is yours?"
    return ""


def _no_such_on_conflict(error: BaseException) -> str:
    """The `insert` is PostgreSQL's already, and its method has another name."""
    if not isinstance(error, AttributeError) or not (error.name or "").startswith("on_conflict"):
        return ""
    if not type(error.obj).__module__.startswith("sqlalchemy.dialects.postgresql"):
        return ""
    return "Its methods for ON CONFLICT are `on_conflict_do_nothing` and `on_conflict_do_update`."


def text_in_double_quotes(error: BaseException, where: str) -> str:
    """A value was quoted as a name is, in the line that was written; empty where it was not."""
    name = re.search(r'column "([^"]+)" does not exist', str(error))
    if name and re.search(rf'[=(,]\s*\\?"{re.escape(name[1])}\\?"', where):
        return (
            "In SQL a text stands in single quotes; in double quotes stands the name of a column."
        )
    return ""


def _called_too_early(error: BaseException, where: str) -> str:
    """A function is called among the arguments of another, which was to call it; "" elsewhere."""
    found = re.match(r"(?:.*\.)?(\w+)\(\) missing \d+ required positional", str(error))
    if not found or not re.search(rf"\w\((?:[^()]*, *)?{found[1]}\(\)", where):
        return ""
    return (
        f"`{found[1]}()` is called here, with nothing, before the other call begins. Hand over the"
        f" function itself, `{found[1]}` without brackets: whoever gets it calls it."
    )


_WAITS_FOR_TOO_MUCH = (
    "The `await` waits for the whole line, and what stands in front of `.{name}` has not run by"
    " then. Brackets around both: `(await call(…)).{name}`."
)


def await_too_late(error: BaseException, where: str) -> str:
    """The `await` stands before a chain, and its first call gives a coroutine; "" elsewhere."""
    name = error.name if isinstance(error, AttributeError) and coroutine_of(error) else None
    if not name or not any(name in _chained(each) for each in _awaited(where)):
        return ""
    return _WAITS_FOR_TOO_MUCH.format(name=name)


def _awaited(where: str) -> list[ast.expr]:
    """What each `await` of this line waits for; nothing where it is no whole statement."""
    code = where.partition(": ")[2]
    for whole in (code, f"{code} pass", f"{code})"):  # the head of a block, or of a long call
        with contextlib.suppress(SyntaxError):
            every = ast.walk(ast.parse(whole))
            return [each.value for each in every if isinstance(each, ast.Await)]
    return []


def _chained(value: ast.expr) -> set[str]:
    """The names that are looked for in what a call of this chain gives."""
    names = set()
    while isinstance(value, ast.Call | ast.Attribute):
        if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Call):
            names.add(value.attr)
        value = value.func if isinstance(value, ast.Call) else value.value
    return names


def await_missing(error: BaseException) -> str:
    """What the message means where it tells of a missing `await`; else empty."""
    found = (said for pattern, said in _AWAIT_MISSING if re.search(pattern, str(error)))
    return next(found, "")


def first_await_missing(error: BaseException) -> BaseException | None:
    """The error among these causes that tells of a missing `await`: a `finally` may hide it."""
    return next((each for each in causes(error) if await_missing(each)), None)


def coroutine_of(error: BaseException) -> Any:
    """The coroutine that was asked for an attribute; None where the error is another one."""
    asked = error.obj if isinstance(error, AttributeError) else None
    return asked if inspect.iscoroutine(asked) else None
