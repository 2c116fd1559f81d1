"""A constraint that a downgrade drops under a name that PostgreSQL does not know."""

import contextlib
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


_TAKEN = "which statement of downgrade has taken the constraint away before?"


def _why_not_found(message: str, name: str) -> str:
    table = name.split("_")[1]
    if f"ck_{table}_ck_{table}" in message:
        return "what does the naming convention do to a name that is complete already?"
    return (
        "the convention completes a name where it knows the kind of the constraint:"
        " which keyword tells `op.drop_constraint` what kind it is, and which kind is this one?"
    )
