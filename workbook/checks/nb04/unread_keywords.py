"""Keywords that `op.alter_column` takes without a word, and reads nowhere."""

import ast
import inspect
from collections.abc import Iterator

from alembic.operations import Operations

from workbook.checks.alembic_commands import VERSIONS

_READ = frozenset(inspect.signature(Operations.alter_column).parameters)
_OF_A_DIALECT = ("postgresql_", "mysql_", "mssql_", "sqlite_", "oracle_")


def unread_keywords(revision: str) -> str:
    """What the answer's revision gives to `alter_column` in vain, as a remark; "" for nothing."""
    path = next(VERSIONS.glob(f"{revision}_*.py"))
    names = dict.fromkeys(_unread(ast.parse(path.read_text("utf-8"))))
    given = ", ".join(f"`{name}=`" for name in names)
    return f"; `alter_column` was given {given}, which it does not read" if given else ""


def _unread(tree: ast.Module) -> Iterator[str]:
    calls = (each for each in ast.walk(tree) if isinstance(each, ast.Call))
    for each in calls:
        if isinstance(each.func, ast.Attribute) and each.func.attr == "alter_column":
            for name in (one.arg or "" for one in each.keywords):
                if name not in _READ and not name.startswith(_OF_A_DIALECT):
                    yield name
