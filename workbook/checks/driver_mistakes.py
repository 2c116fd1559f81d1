"""Mistakes with the driver and with SQL as text, whose message tells of something further down."""

import re
import traceback

import asyncpg

from workbook.base.causes import causes

_ONE_FOR_ROWS = {
    "fetchrow": "`fetchrow` gives one record, and a loop over a record gives its values.",
    "fetchval": "`fetchval` gives one value, and a loop over a text gives its letters.",
    "execute": "asyncpg's `execute` tells what was done, such as `SELECT 3`, and gives no rows.",
}
"""A method of asyncpg, and what is looped over where a record for each row was wanted."""
_DONE = re.compile(r"[A-Z ]+( \d+)+")
"""What asyncpg's `execute` gives: the command, and how many rows it was about."""
_PYTHON = re.compile(r"\.\w+\(|\[-?\d*:?-?\d*\]")
"""A method or an index, as Python writes it."""


_METHODS = "(?:split|rsplit|partition|rpartition|lower|upper|strip|replace|find|index|title)"


def meaning(error: BaseException, where: str) -> str:
    """What the message means, of an error that was raised at this line; empty where we know not."""
    return (
        one_for_rows(error)
        or _without_an_address(error, where)
        or _named_to_connect(error, where)
        or text_without_quotes(error, where)
        or _without_from(error, where)
        or _no_such_key(error)
        or _no_such_code(error)
        or python_in_sql(error)
        or colon_in_a_text(error)
    )


def one_for_rows(error: BaseException) -> str:
    """A single value was looped over, where a record for each row was wanted; else empty."""
    said = r"string indices must be integers|object is not subscriptable"
    if not isinstance(error, TypeError) or not re.search(said, str(error)):
        return ""
    every = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    file = every[-1].f_code.co_filename if every else ""
    frames = [frame for frame in every if frame.f_code.co_filename == file]
    called = {name for frame in frames for name in frame.f_code.co_names}
    told = [v for f in frames for v in f.f_locals.values() if isinstance(v, str)]
    if "fetch" in called:
        return ""
    if "execute" in called and any(map(_DONE.fullmatch, told)):
        return _ONE_FOR_ROWS["execute"]
    return next((_ONE_FOR_ROWS[each] for each in ("fetchrow", "fetchval") if each in called), "")


def _without_an_address(error: BaseException, where: str) -> str:
    """Nobody told the driver where the server is; empty where somebody did, or it got in."""
    if not re.search(r"\bconnect\(\)", where) or isinstance(error, TypeError | AttributeError):
        return ""
    return (
        "`connect()` was given no address, so the driver tried the usual one, port 5432 of this"
        " machine. Whoever calls your function gives it the address."
    )


def text_without_quotes(error: BaseException, where: str) -> str:
    """A value stands in the SQL without quotes; empty where the line has no such word."""
    name = re.search(r'column "([^"]+)" does not exist', str(error))
    if name and re.search(rf"""["'][^"']*=\s*{re.escape(name[1])}\b(?!\.)""", where):
        return (
            f"PostgreSQL read `{name[1]}` as the name of a column, since it has no quotes: in SQL a"
            " text stands in single quotes."
        )
    if name and re.search(r"""f["'].*=\s*\{""", where):
        return (
            f"PostgreSQL read `{name[1]}` as the name of a column: the f-string has put a value"
            " into the SQL. A value travels beside it."
        )
    return ""


def _named_to_connect(error: BaseException, where: str) -> str:
    """The address came to `asyncpg.connect` in another way than it takes it; else empty."""
    unknown = re.search(r"^connect\(\) got an unexpected keyword argument '(url|uri)'", str(error))
    if unknown:
        return (
            f"`asyncpg.connect` has no argument `{unknown[1]}`: the address stands first, without"
            " a name."
        )
    quoted = re.search(r"\bconnect\(\s*[\"'](\w+)[\"']", where)
    if quoted and "scheme is expected to be either" in str(error):
        return (
            f"The text `{quoted[1]}` was taken for the address, since it stands in quotes: without"
            " them it is the variable."
        )
    return ""


def _without_from(error: BaseException, where: str) -> str:
    """The statement of this line names no table; empty where it does."""
    missing = re.search(r'column "[^"]+" does not exist', str(error))
    if missing and re.search(r"""["']SELECT\b""", where) and not re.search(r"\bFROM\b", where):
        return "The statement names no table, so it has no columns: `FROM` stands before `WHERE`."
    return ""


def _no_such_key(error: BaseException) -> str:
    """A record was read by a name that it does not have; empty of anything else."""
    if not isinstance(error, KeyError):
        return ""
    every = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    held = [value for frame in every[-1:] for value in frame.f_locals.values()]
    # From Python 3.12 on, the variable of a comprehension is gone by now, and its list is there.
    held += [each[0] for each in held if isinstance(each, list) and each]
    for record in (each for each in held if isinstance(each, asyncpg.Record)):
        if error.args and error.args[0] not in record:
            names = ", ".join(f"`{each}`" for each in record.keys())  # noqa: SIM118
            return (
                f"The record has no `{error.args[0]}`; it has {names}. A column has the name that"
                " the SELECT gives it: a word behind a column, without a comma, is its new name."
            )
    return ""


def _no_such_code(error: BaseException) -> str:
    """The code was looked for under another name; empty where it was not."""
    asked = error.obj if isinstance(error, AttributeError) else None
    if isinstance(asked, asyncpg.PostgresError) and error.name in ("code", "sql_state", "errno"):  # type: ignore[attr-defined]
        return "The code is `error.sqlstate`."
    return ""


def python_in_sql(error: BaseException) -> str:
    """What stands in the statement is written as Python writes it; empty where it is not."""
    for each in causes(error):
        statement = str(getattr(each, "statement", "") or "")
        stopped = re.search(r'syntax error at or near "(\[|\.|\(|:)"', str(each))
        schema = re.search(r'schema "(\w+)" does not exist', str(each))
        is_method = schema and re.search(rf"\b{schema[1]}\.{_METHODS}\(", statement)
        if is_method or (stopped and _PYTHON.search(statement)):
            return (
                "PostgreSQL reads what stands in the SQL, and it knows none of Python's methods and"
                " indices: SQL has functions of its own."
            )
    return ""


def colon_in_a_text(error: BaseException) -> str:
    """`text()` has read a parameter between two quotes; empty where its place is outside."""
    statement = str(getattr(error, "statement", None) or "")
    if "A value is required for bind parameter" not in str(error):
        return ""
    if not re.search(r"'[^']*\$\d+[^']*'", statement):
        return ""
    return (
        "A colon within a text of the SQL begins a parameter, too. Was a value put into the SQL?"
        ' It travels beside it: `:title` without quotes, with `{"title": title}`. In a text of'
        " your own, `\\:` is a plain colon."
    )
