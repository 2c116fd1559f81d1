"""Check of 04.turns: who upgrades the database at the same moment as others waits for its turn."""

import re
from pathlib import Path

from alembic import command

from workbook.checks import busy
from workbook.checks.alembic_commands import database_revisions, failing_upgrade, run_command, runs
from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb04.simultaneous_upgrades import (
    NOT_AWAITED,
    SLEPT,
    Failure,
    Upgrades,
    upgrade_four_times,
)
from workbook.checks.nb04.turn_evidence import WHO_IS_REFUSED
from workbook.checks.verdict import NotYet

_CALL = "`alembic upgrade head`, four times at the same moment, on an empty database"


async def check(answer: Answer) -> None:
    """Four upgrades at the same moment all succeed in turn; nothing stays held, or half done."""
    await answer.clear()
    upgrades = await upgrade_four_times(answer)
    if upgrades.failures:
        if not upgrades.succeeded and not any(map(_is_about_turns, upgrades.failures)):
            await _alone(answer)
        _not_all_succeed(upgrades)
    revisions = await database_revisions(answer)
    expect_state("alembic_version, after four upgrades", revisions, ["0009"], "who did the work?")
    _all_take_turns(upgrades)
    await run_command(command.upgrade, "head")
    await _nothing_is_held(answer)
    await _nothing_is_half_done(answer)
    _has_patience()


def _has_patience() -> None:
    """Nobody holds a table here, so the patience is looked for where it is written."""
    if re.search(r"connect_args\s*=|\bSET\b.*\block_timeout\b", _body_of_migrate()):
        return
    raise NotYet.looked_at(
        "alembic/env.py",
        got="`migrate` makes its engine without `connect_args`",
        wanted="a `lock_timeout` where the upgrade runs",
        ask="who waits behind an upgrade that waits for a table, and for how long?",
    )


BEGUN = "who begins a transaction on the connection that Alembic gets: your `begin`, or Alembic?"


def _body_of_migrate() -> str:
    return Path("alembic/env.py").read_text("utf-8").partition("def migrate")[2]


def _is_about_turns(failure: Failure) -> bool:
    """Whether a failure says enough, and need not be looked for where nobody else is there."""
    return failure.waited or failure.says == NOT_AWAITED or failure.says.startswith(SLEPT)


async def _alone(answer: Answer) -> None:
    """A mistake that has nothing to do with others shows itself where nobody else is there."""
    await answer.clear()
    call = "`alembic upgrade head` on an empty database, with nobody else there"
    try:
        with runs(answer, call):
            await run_command(command.upgrade, "head")
    except AssertionError as error:
        raise NotYet(
            call,
            got="`autocommit_block` found a transaction that Alembic had not begun",
            wanted="an upgrade that succeeds",
            ask=BEGUN
            if re.search(r"\.begin\(\) as \w+[^@]*\.run_sync\(run\)", _body_of_migrate())
            else "which connection asked for the turn, and which one did Alembic get?",
        ) from error
    if answer.never_awaited():
        wanted = "every coroutine awaited"
        raise NotYet(call, got="it went on without an answer", wanted=wanted)


def _mistake(upgrades: Upgrades) -> tuple[str, str]:
    """What was seen, and its question; a lock that env.py asks for later was not seen."""
    began_first = upgrades.evidence.crowd and not upgrades.evidence.any_lock()
    before, _, after = _body_of_migrate().partition("run_sync(")
    if began_first and "advisory" in after and "advisory" not in before:
        seen = "nobody had asked for an advisory lock when the work began"
        return seen, "which comes first, the turn or the work?"
    seen, ask = upgrades.evidence.mistake()
    if ask == WHO_IS_REFUSED and _TESTS_A_ROW.search(_body_of_migrate()):
        ask = (
            "what does Python take for true: a false answer, and a row or a result that holds one?"
        )
    return seen, ask


_TESTS_A_ROW = re.compile(
    r"\b(?:while|if) (?!.*(?:scalar|fetchval|\[0\])).*\b(?:execute|fetch\w*)\("
)
"""A condition that looks at what a statement gave, and not at the value in it."""


def _not_all_succeed(upgrades: Upgrades) -> None:
    first, (seen, ask) = upgrades.failures[0], _mistake(upgrades)
    if first.says.startswith(SLEPT):
        ask, wanted = "how long does an upgrade wait that could begin now?", "one second at most"
        raise NotYet(_CALL, got=first.says, wanted=wanted, ask=ask)
    if first.says == NOT_AWAITED:
        seen, ask = "", "which call has no `await` before it?"
    elif upgrades.early and upgrades.evidence.crowd <= 1:
        seen, ask = "", WHO_IS_REFUSED
    where = f" ({first.where})" if first.where else ""
    why = f"{first.says}{where}{seen and f'; {seen}'}"
    got = f"{len(upgrades.failures)} of 4 failed, one with: {why}"
    found = NotYet(_CALL, got=got, wanted="four that succeed", ask=ask)
    raise busy.by_the_clock(found) if first.waited and not ask else found


def _all_take_turns(upgrades: Upgrades) -> None:
    if upgrades.early:
        raise NotYet(
            _CALL,
            got=f"{upgrades.early} of 4 ended, without an error, before the tables were there",
            wanted="four that end when the tables are there",
            ask="what may somebody rely on who starts the app after this upgrade?",
        )
    crowd, (seen, ask) = upgrades.evidence.crowd, _mistake(upgrades)
    if crowd > 1 or not upgrades.evidence.any_lock():
        raise NotYet(
            _CALL,
            got=f"{crowd} of 4 had begun, and waited for the schema{seen and f'; {seen}'}",
            wanted="one that has begun and holds an advisory lock, three that wait for it",
            ask=ask,
        )


async def _nothing_is_held(answer: Answer) -> None:
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    if held := await answer.observer.fetchval(locks):
        seen, ask = "the advisory locks, after all upgrades", "what ends the turn?"
        raise NotYet.looked_at(seen, got=f"{held} still held", wanted="none", ask=ask)
    if left := await answer.left_open():
        seen, ask = "the connections, after all upgrades", "which line closes which connection?"
        raise NotYet.looked_at(seen, got=f"{left} still open", wanted="none", ask=ask)


async def _nothing_is_half_done(answer: Answer) -> None:
    upgrade = await failing_upgrade(answer, "0009")
    if upgrade.left:
        raise NotYet(
            "`alembic upgrade head`, with two revisions to run, the second of which fails",
            got="what the first revision did stayed",
            wanted="nothing of the upgrade, as notebook 03 promised",
            ask="which connections are in AUTOCOMMIT, and which one needs to be?",
        )
    if not upgrade.raised:
        raise NotYet(
            "`alembic upgrade head`, with a revision that fails",
            got="it ended without an error",
            wanted="the error of the revision",
            ask="how does a deploy learn that the upgrade failed?",
        )
