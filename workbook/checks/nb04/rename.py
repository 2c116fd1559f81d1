"""Check of 04.rename: a column gets another name, and every number is there under it."""

from typing import Any

from alembic import command

from workbook.checks.alembic_commands import no_command_error, run_command
from workbook.checks.answer import Answer, expect
from workbook.checks.nb04.user_columns import NO_COLUMN, user_column, users
from workbook.checks.verdict import NotYet

_LATER_USER = (
    "INSERT INTO user_account (name, email, phone, team_id) VALUES ('Zoë', 'z@x', '+49 30 1', 1)"
)
"""A user who came after those that the learner has seen."""
_ABOUT_MODEL = "which column does the model have, and what does it say about it?"
_ABOUT_BEFORE = "which column was there before the upgrade, and what was it like?"
_STEPS = (
    (command.upgrade, "0006", "mobile", "phone", _ABOUT_MODEL),
    (command.downgrade, "0005", "phone", "mobile", _ABOUT_BEFORE),
    (command.upgrade, "0006", "mobile", "phone", _ABOUT_MODEL),
)
"""Each command and its target, the column that is there then, the one that is gone, a question."""


async def check(answer: Answer) -> None:
    """Every number is there under the new name, after up, down and up."""
    await answer.observer.execute(_LATER_USER)
    before = await users(answer, "id, phone")
    with no_command_error("upgrade to 0006", "did `revision` or `down_revision` change?"):
        for step, target, name, gone, ask in _STEPS:
            await run_command(step, target)
            after = f", after {step.__name__} to {target}"
            _same_numbers(
                before, await users(answer, f"id, {name}", after=after, ask=ask), after, name
            )
            for column, wanted in ((gone, NO_COLUMN), (name, "may be NULL")):
                found = await user_column(answer, column)
                expect(f"the column {column!r}{after}", found, wanted, ask)


def _same_numbers(
    before: list[tuple[Any, ...]], now: list[tuple[Any, ...]], after: str, name: str
) -> None:
    lost = sum(a != b for a, b in zip(before, now, strict=False)) + abs(len(before) - len(now))
    if lost:
        raise NotYet(
            f"the numbers of {len(before)} users{after}",
            got=f"not what they were: {lost} of them",
            wanted=f"the same numbers, under the name {name!r}",
            ask="which users does your statement reach, and what does it make of their numbers?"
            if any(number for _, number in now)
            else "what happens to the values of a column that is dropped?",
        )
