"""Check of 03.merge: one head, reached from either branch, and a way back to where they parted."""

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import to_tuple
from alembic.util.exc import CommandError

from workbook.checks.alembic_commands import answer_config, no_command_error, run_command
from workbook.checks.answer import Answer, expect
from workbook.checks.nb03.team_columns import team_column_type
from workbook.checks.verdict import NotYet


async def check(answer: Answer) -> None:
    """One head, reached from either branch, and a way back to where they parted."""
    script = ScriptDirectory.from_config(answer_config())
    expect(
        "`alembic heads`",
        _heads(script),
        ["0005"],
        "which revisions does nobody point at, and which must the merge point at?",
    )
    parents = sorted(to_tuple(script.get_revision("0005").down_revision, default=()))
    expect(
        "the parents of 0005",
        parents,
        ["0003", "0004"],
        "which two ends does it bring together?",
    )
    await run_command(command.stamp, "0001")
    for target, columns in (("0003", 1), ("head", 2), ("0002", 0), ("head", 2)):
        await _has_columns(answer, target, columns)


def _heads(script: ScriptDirectory) -> list[str]:
    try:
        return sorted(script.get_heads())
    except (CommandError, KeyError, TypeError, AttributeError) as error:
        raise NotYet(
            "`alembic heads`",
            got=f"{type(error).__name__}: {error}",
            wanted="the name of one revision",
            ask="which revisions are there to point at, and how are they written?",
        ) from None


async def _has_columns(answer: Answer, target: str, columns: int) -> None:
    """Go to this revision; so many of the two branches' columns are there then."""
    step = command.downgrade if target == "0002" else command.upgrade
    ask = "does the merge itself have to do anything?"
    with no_command_error(f"{step.__name__} to {target}", ask):
        await run_command(step, target)
    kinds = [await team_column_type(answer, name) for name in ("channel", "time_zone")]
    expect(
        f"how many of the two columns are there, after {step.__name__} to {target}",
        sum(kind is not None for kind in kinds),
        columns,
        ask,
    )
