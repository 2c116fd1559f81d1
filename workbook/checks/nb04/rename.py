"""Check of 04.rename: a column gets another name, and every number is there under it."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from alembic import command

from workbook.checks.alembic_commands import VERSIONS, expect_place, run_command, runs
from workbook.checks.answer import Answer, expect_state
from workbook.checks.kept_rows import expect_rows_kept, rows_of
from workbook.checks.kept_schema import expect_only, schema_of
from workbook.checks.nb04.unread_keywords import unread_keywords
from workbook.checks.nb04.user_columns import column_names, user_column, users
from workbook.checks.places import learners_line
from workbook.checks.verdict import NotYet

_LATER_USERS = """
INSERT INTO user_account (name, email, phone, team_id)
VALUES ('Zoë', 'z@x', '+49 30 1', 1), ('Yun', 'y@x', '030 2', 1), ('Xan', 'x@x', '', 1)
"""
"""Users who came after those that the learner has seen, with numbers of other forms."""
_RENAMED = ("column user_account.phone ", "column user_account.mobile ")
_STEPS = (
    (command.upgrade, "0006", "phone", "mobile"),
    (command.downgrade, "0005", "mobile", "phone"),
    (command.upgrade, "0006", "phone", "mobile"),
)
"""Each command and its target, the column that is there before, and the one after it."""


async def check(answer: Answer) -> None:
    """Every number is there under the new name, after up, down and up."""
    expect_place("0006", parent="0005")
    await answer.observer.execute(_LATER_USERS)
    before, rows = await users(answer, "id, phone"), await rows_of(answer, "user_account", "team")
    schema = await schema_of(answer)
    for step, target, old, new in _STEPS:
        call = f"`alembic {step.__name__} {target}`"
        with runs(answer, call), _keywords_are_read(answer):
            await run_command(step, target)
        await _has_the_name(answer, call, old, new)
        _same_numbers(before, await users(answer, f"id, {new}"), call, new)
        await expect_rows_kept(answer, rows, call)
        await _has_only_that(answer, call, old, new)
        await expect_only(answer, schema, call, *_RENAMED)


_ASK_OF_KEYWORD = "which keyword of `op.alter_column` gives a column another name?"


@contextlib.contextmanager
def _keywords_are_read(answer: Answer) -> Iterator[None]:
    """Name the keyword that Alembic stumbles over: it hands on what it does not read itself."""
    try:
        yield
    except TypeError as error:
        if not (unread := unread_keywords("0006")):
            raise
        raise NotYet(
            learners_line(error, answer.workspace),
            got=unread.removeprefix("; "),
            wanted="a keyword that it reads",
            ask=_ASK_OF_KEYWORD,
            label="You wrote",
        ) from None


async def _has_the_name(answer: Answer, call: str, old: str, new: str) -> None:
    columns = await column_names(answer)
    if new in columns:
        return
    function = call.strip("`").split()[1]
    unread = unread_keywords("0006") if old in columns else ""
    ask = f"which statement of `{function}` gives {old!r} its other name?"
    if old not in columns:
        ask = "what is the column to be called?"
    elif unread:
        ask = _ASK_OF_KEYWORD
    raise NotYet.looked_at(
        f"the columns of the users, after {call}",
        got=f"{', '.join(columns)}{unread}",
        wanted=f"{new!r} in the place of {old!r}",
        ask=ask,
    )


_OF_THE_WAY = "from which column to which does your UPDATE carry the numbers?"
_OF_NO_UPDATE = "what is in a column that was added, and what carries the values over?"


def _has_an_update() -> bool:
    """Whether the revision has an UPDATE at all; which numbers are there was looked at."""
    text = next(VERSIONS.glob("0006_*.py")).read_text("utf-8")
    return re.search(r"\bUPDATE\b|\.update\(|\bupdate\(", text) is not None


def _same_numbers(
    before: list[tuple[Any, ...]], now: list[tuple[Any, ...]], call: str, name: str
) -> None:
    if before == now:
        return
    ask = "which users does your statement reach, and what does it make of their numbers?"
    if len(before) != len(now):
        ask = "which statement removes users?"
    elif not any(number for _, number in now):
        ask = _OF_THE_WAY if _has_an_update() else _OF_NO_UPDATE
    raise NotYet.looked_at(
        f"the numbers of {len(before)} users, after {call}",
        got=f"{len(now)} users; {_difference(dict(before), dict(now))}",
        wanted=f"{len(before)} users with the same numbers, under the name {name!r}",
        ask=ask,
    )


def _difference(before: dict[Any, Any], now: dict[Any, Any]) -> str:
    """How many users are gone, or new, and how many of the others have another number."""
    gone, new = len(before.keys() - now.keys()), len(now.keys() - before.keys())
    other = sum(before[each] != now[each] for each in before.keys() & now.keys())
    told = [f"{gone} are gone"] if gone else []
    told += [f"{new} are new"] if new else []
    if not other:
        return ", ".join([*told, "the numbers of the others are the same"])
    return ", ".join([*told, f"the numbers of {other} are not what they were"])


async def _has_only_that(answer: Answer, call: str, old: str, new: str) -> None:
    if old in (columns := await column_names(answer)):
        raise NotYet.looked_at(
            f"the columns of the users, after {call}",
            got=", ".join(columns),
            wanted=f"{new!r}, and no {old!r}",
            ask=f"which statement removes {old!r}, once its values are carried over?",
        )
    ask = "what was the column like before, and what does the model say about it?"
    expect_state(
        f"the column {new!r}, after {call}", await user_column(answer, new), "may be NULL", ask
    )
