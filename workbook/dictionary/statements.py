"""What a statement tells of the error that it got: forms that a message alone does not show."""

import re
import traceback
from collections.abc import Callable

Form = Callable[[str, str], bool]
"""Whether the message and the statement show it."""
NAMED = re.compile(r'(?:column|relation) "?([^"]+?)"? does not exist')
RESERVED = r"\b(?:from|join|update|into)\s+(?:user|current_user|session_user)\b(?!\s*\.)"
ARRAY_AND_VALUE = r"exist: (?:[^\n\[]+\[\] \S+ [^\n\[]+(?:\n|$)|[^\n\[]+ \S+ [^\n\[]+\[\])"
OF_ROWS = r"\s*(?:with|select|insert|update|delete|merge)\b"
OF_SCHEMA = r"\s*(?:create|alter|drop|comment)\b"
STOPPED = re.compile(r'at or near "(.+?)"(?:\n|$)')
ELSEWHERE = r"(?i)auto_?increment|unsigned|engine|charset|identity|duplicate|ignore|replace|top|"
ELSEWHERE += r"show|describe|pragma|comment|[`\[#].*"
MEMBER = r"argument \$\d+: <\w+\.\w+: .+> \("
INDEX = r"\s*create\s+(?:unique\s+)?index\b"
FOLDED_PARAMETER = r"\bgroup\s+by\b[^;]*\$\d"


def statement(error: BaseException) -> str:
    """The SQL that the error is about: SQLAlchemy keeps it, asyncpg's frames have it; or ""."""
    if isinstance(kept := getattr(error, "statement", None), str):
        return kept
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [each for each in frames if each.f_globals.get("__name__") == "asyncpg.connection"]
    sent = (each.f_locals.get("query") for each in reversed(own))
    return next((each for each in sent if isinstance(each, str)), "")


def forms(message: str, sql: str) -> frozenset[str]:
    """The names of the forms that this message and this statement show."""
    return frozenset(name for name, shows in FORMS.items() if sql and shows(message, sql))


def _value_in_double_quotes(message: str, sql: str) -> bool:
    quoted = re.escape(f'"{_named(message)}"')
    before = r"(?:=|<>|!=|\blike|\bilike|\bin\s*\(|\bvalues\s*\()\s*"
    return bool(_named(message)) and bool(re.search(before + quoted, sql, re.I))


def _another_case(message: str, sql: str) -> bool:
    """The name stands in the statement without quotes, with capitals, and is folded."""
    found = re.findall(rf'(?<!["\w]){re.escape(_named(message))}(?!["\w])', sql, re.I)
    return bool(_named(message)) and any(each != each.lower() for each in found)


def _named_by_itself(message: str, sql: str) -> bool:
    """The statement gives this name to one of its own values."""
    name = re.escape(_named(message))
    return bool(name) and bool(re.search(rf'\bas\s+"?{name}"?(?!\w)', sql, re.I))


def _apostrophe(message: str, sql: str) -> bool:
    """The word where the server stopped follows an apostrophe that stands behind a letter."""
    word = _stopped_at(message)
    return bool(word) and bool(re.search(rf"\w'{re.escape(word)}", sql))


def _stopped_at(message: str) -> str:
    found = STOPPED.search(message)
    return found[1] if found else ""


def _named(message: str) -> str:
    found = NAMED.search(message)
    return found[1].rpartition(".")[2] if found else ""


FORMS: dict[str, Form] = {
    "a value in double quotes": _value_in_double_quotes,
    "a name with capitals and no quotes": _another_case,
    "a reserved word as a table": lambda _, sql: bool(re.search(RESERVED, sql, re.I)),
    "an array and a value": lambda message, _: bool(re.search(ARRAY_AND_VALUE, message)),
    "a name that the statement gives itself": _named_by_itself,
    "a query or rows": lambda _, sql: bool(re.match(OF_ROWS, sql, re.I)),
    "an UPDATE": lambda _, sql: bool(re.match(r"\s*update\b", sql, re.I)),
    "a change of the schema": lambda _, sql: bool(re.match(OF_SCHEMA, sql, re.I)),
    "the table of Alembic": lambda _, sql: "alembic_version" in sql,
    "a member of an Enum": lambda message, _: bool(re.search(MEMBER, message)),
    "a word of another database": lambda message, _: bool(
        re.fullmatch(ELSEWHERE, _stopped_at(message))
    ),
    "an apostrophe within a text": _apostrophe,
    "an index is made": lambda _, sql: bool(re.match(INDEX, sql, re.I)),
    "a parameter in GROUP BY": lambda _, sql: bool(re.search(FOLDED_PARAMETER, sql, re.I)),
}
"""What `sql` of an entry may name."""
