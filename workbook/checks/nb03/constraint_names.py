"""A constraint that a downgrade drops under a name that PostgreSQL does not know."""

import contextlib
import re
from collections.abc import Iterator

import asyncpg
from sqlalchemy.exc import DBAPIError

from workbook.base.causes import causes
from workbook.checks.verdict import NotYet


@contextlib.contextmanager
def constraint_found(call: str, *names: str) -> Iterator[None]:
    """Say which name PostgreSQL did not know where one of these is dropped in vain."""
    try:
        yield
    except DBAPIError as error:
        _is_no_second_one(error, call)
        missing = [e for e in causes(error) if isinstance(e, asyncpg.UndefinedObjectError)]
        if not missing or "constraint" not in str(missing[0]):
            raise
        said = str(missing[0])
        known = [each for each in names if f'"{each}"' in said]
        raise NotYet(
            call,
            got=f"PostgreSQL says: {said}",
            wanted=f"a downgrade that drops {(known or names)[0]}",
            ask=_TAKEN if known else _why_not_found(said, names[0]),
        ) from None


def _is_no_second_one(error: DBAPIError, call: str) -> None:
    """NotYet where a downgrade makes the constraint that it has to drop."""
    doubled = [e for e in causes(error) if isinstance(e, asyncpg.DuplicateObjectError)]
    if doubled and call.startswith(("downgrade", "`alembic downgrade")):
        raise NotYet(
            call,
            got=f"PostgreSQL says: {doubled[0]}",
            wanted="a downgrade that takes away what upgrade has made",
            ask="which operation makes a constraint, and which one takes it away?",
        ) from None


_TAKEN = "which statement of downgrade has taken the constraint away before?"


def _why_not_found(message: str, name: str) -> str:
    table = name.split("_")[1]
    if (taken := re.search(r'"ck_(\w+)" of relation "(\w+)"', message)) and (
        taken[1].startswith(f"{taken[2]}_") and f"ck_{table}_ck_{table}" not in message
    ):
        return "which name and which table did `upgrade` give to the constraint, to the letter?"
    if f"ck_{table}_ck_{table}" in message:
        return "what does the naming convention do to a name that is complete already?"
    return (
        "the convention completes a name where it knows the kind of the constraint:"
        " which keyword tells `op.drop_constraint` what kind it is, and which kind is this one?"
    )
