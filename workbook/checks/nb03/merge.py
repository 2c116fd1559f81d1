"""Check of 03.merge: one head, reached from either branch, and a way back to where they parted."""

import re

from alembic import command
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import to_tuple
from alembic.util.exc import CommandError
from sqlalchemy.exc import DBAPIError

from workbook.checks.alembic_commands import VERSIONS, answer_config, expect_place, run_command
from workbook.checks.answer import Answer, expect, expect_state
from workbook.checks.kept_rows import expect_rows_kept, rows_of
from workbook.checks.messages import message
from workbook.checks.nb03.team_columns import NO_COLUMN, team_column_type
from workbook.checks.verdict import NotYet


async def check(answer: Answer) -> None:
    """One head, reached from either branch, and a way back to where they parted."""
    expect_place("0005")
    script = ScriptDirectory.from_config(answer_config())
    expect(
        "`alembic heads`",
        _heads(script),
        ["0005"],
        "which revisions does nobody point at, and which must the merge point at?",
    )
    parents = sorted(to_tuple(script.get_revision("0005").down_revision, default=()))
    wanted = ["0003", "0004"]
    expect_state("the parents of 0005", parents, wanted, "which two ends does it bring together?")
    await run_command(command.stamp, "0001")
    for target, columns in (("0003", 1), ("head", 2), ("0002", 0), ("head", 2)):
        rows = await rows_of(answer, "team", "user_account", "incident")
        await _has_columns(answer, target, columns)
        await expect_rows_kept(answer, rows, f"`alembic upgrade {target}`")


def _heads(script: ScriptDirectory) -> list[str]:
    try:
        return sorted(script.get_heads())
    except KeyError as error:
        got, wanted = f"Alembic finds no revision {error}", "parents that are there"
        ask = f"which revisions are there to point at, and {_of_two()}"
    except (CommandError, RevisionError, TypeError, AttributeError) as error:
        got, wanted = f"it raised {type(error).__name__}: {error}", "one head, the revision 0005"
        ask = "of what type are the names of the others, in their own `revision`?"
        ask = ask if isinstance(error, TypeError) else ""
    raise NotYet("`alembic heads`", got=got, wanted=wanted, ask=ask)


def _of_two() -> str:
    """What is to be asked of parents that are not there: whether two are given, or one text."""
    text = next(VERSIONS.glob("0005_*.py")).read_text("utf-8")
    if re.search(r"^down_revision\b[^=\n]*=\s*[(\[]", text, re.MULTILINE):
        return "what does each of them call itself, in its own `revision`?"
    return "how are two of them written?"


async def _has_columns(answer: Answer, target: str, columns: int) -> None:
    """Go to this revision; so many of the two branches' columns are there then."""
    step = command.downgrade if target == "0002" else command.upgrade
    call = f"`alembic {step.__name__} {target}`"
    ask = "does the merge itself have to do anything?"
    try:
        await run_command(step, target)
    except DBAPIError as error:
        got = f"it raised {message(error)}"
        raise NotYet(call, got=got, wanted="no error", ask=ask) from None
    kinds = [await team_column_type(answer, name) for name in ("channel", "time_zone")]
    expect_state(
        f"how many of the two columns are there, after {call}",
        sum(kind != NO_COLUMN for kind in kinds),
        columns,
        ask,
    )
