"""Check of 04.turns: who upgrades the database at the same moment as others waits for its turn."""

from alembic import command

from workbook.checks.alembic_commands import database_revisions, run_command
from workbook.checks.answer import Answer, expect
from workbook.checks.nb04.simultaneous_upgrades import Upgrades, upgrade_four_times
from workbook.checks.verdict import NotYet

_CALL = "four upgrades of an empty database, at the same moment"
_ABOUT_LOCK = (
    "who holds the lock, from when until when, and in what kind of transaction?"
    " And what does the one do that has not got it?"
)


async def check(answer: Answer) -> None:
    """Four upgrades of an empty database at the same moment all succeed, and free the lock."""
    await answer.clear()
    upgrades = await upgrade_four_times(answer)
    _all_succeed(upgrades)
    revisions = await database_revisions(answer)
    expect("alembic_version, afterwards", revisions, ["0009"], "who did the work?")
    _all_take_turns(upgrades)
    await run_command(command.upgrade, "head")
    await _lock_is_free(answer)


def _all_succeed(upgrades: Upgrades) -> None:
    if failures := upgrades.failures:
        got = f"{len(failures)} of 4 failed; one says {failures[0]}"
        raise NotYet(_CALL, got=got, wanted="four that succeed", ask=_ABOUT_LOCK)


def _all_take_turns(upgrades: Upgrades) -> None:
    if upgrades.early:
        raise NotYet(
            _CALL,
            got=f"{upgrades.early} of 4 ended, without an error, before there was a schema",
            wanted="four that end when the schema is there",
            ask="what may somebody rely on who starts the app after this upgrade?",
        )
    if upgrades.crowd > 1:
        raise NotYet(
            _CALL,
            got=f"{upgrades.crowd} of 4 had begun, and waited for the schema together",
            wanted="one that has begun, three that wait for their turn",
            ask=_ABOUT_LOCK,
        )


async def _lock_is_free(answer: Answer) -> None:
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    if await answer.observer.fetchval(locks) or await answer.left_open():
        raise NotYet(
            "the database, after all upgrades",
            got="a lock or a connection is still held",
            wanted="nothing",
            ask="what ends the turn?",
        )
