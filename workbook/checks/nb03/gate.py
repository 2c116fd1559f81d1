"""Check of 03.gate: one word about a database and its models, and nothing that changes."""

import asyncio
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from workbook.checks.alembic_commands import database_revisions
from workbook.checks.answer import Answer, expect_state, plain, show
from workbook.checks.nb03.gate_project import CREATE_PAGER, create_project, without_metadata
from workbook.checks.verdict import NotYet

Gate = Callable[[Config], Any]

_PROJECT = Path("gate")
_STATES = (
    ("whose only revision has not run", "SELECT 1", "behind"),
    ("where revisions and models agree", CREATE_PAGER, "clean"),
    ("that lacks a column of the models", "ALTER TABLE pager DROP tries", "changed"),
    ("that is behind, and lacks a column too", "DELETE FROM alembic_version", "behind"),
)
"""Each state of the database, the statement that leads to it from the last one, and its word."""


async def check(answer: Answer) -> None:
    """Four states of a small project, three words, and none for what else goes wrong."""
    gate = answer.get()
    await answer.observer.execute("DROP TABLE incident, user_account, team")
    config = create_project(_PROJECT)
    for state, sql, word in _STATES:
        await answer.observer.execute(sql)
        if word == "clean":
            await asyncio.to_thread(command.stamp, config, "0001")
        before = await _what_a_gate_could_change(answer)
        try:
            await _says(answer, config, f"gate(config), on a database {state}", word)
        finally:  # a gate that acts is told so first, whatever it said
            expect_state(
                f"alembic_version and the revisions, after gate(config) on a database {state}",
                await _what_a_gate_could_change(answer),
                before,
                "does a gate look, or does it act?",
            )
    await _no_word_for_what_else_goes_wrong(gate, config)


async def _what_a_gate_could_change(answer: Answer) -> tuple[list[str], list[str]]:
    """The database's version, and the names of the project's revisions."""
    files = (_PROJECT / "versions").glob("*.py")
    return await database_revisions(answer), sorted(path.name for path in files)


class _Said(NamedTuple):
    """What came of a call."""

    word: Any
    error: CommandError | None = None
    asked: bool = True
    """Whether Alembic ran env.py for it, as each of the two commands does."""

    def __str__(self) -> str:
        if self.error:
            return f"it raised {type(self.error).__name__}: {plain(str(self.error))}"
        unasked = "" if self.asked else ", and no command of Alembic ran"
        return f"it returned {show(self.word)}{unasked}"


async def _says(answer: Answer, config: Config, call: str, word: str) -> None:
    """Ask where Alembic's errors have other words; and where that goes wrong, with its own."""
    gate = answer.get()
    with mock.patch.object(CommandError, "__str__", lambda error: "in other words"):
        if (await _ask(gate, config)).word == word:
            return
    said = await _ask(gate, config)
    if said.word != word:
        ask = _of_check_heads(answer, said, word) or _question(said, word)
        raise NotYet(call, got=str(said), wanted=show(word), ask=ask)
    raise NotYet(
        f"{call}, with an Alembic that words its errors differently",
        got="it told them apart no more",
        wanted=show(word),
        ask="what may a program rely on: the class of an error, or its text?",
    )


def _of_check_heads(answer: Answer, said: _Said, word: str) -> str:
    """The question for who asks `current` and lets it pass; empty for others."""
    passed = type(said.error) is CommandError and word == "behind"
    if passed and "current" in answer.called() and "check_heads" not in answer.source():
        return "which option makes `command.current` refuse a database that is behind?"
    return ""


async def _ask(gate: Gate, config: Config) -> _Said:
    run = ScriptDirectory.run_env
    with mock.patch.object(ScriptDirectory, "run_env", autospec=True, side_effect=run) as seen:
        try:
            word = await asyncio.to_thread(gate, config)
        except CommandError as error:
            return _Said(None, error)
    if not inspect.iscoroutine(word):
        return _Said(word, asked=seen.called)
    word.close()
    ask = "who awaits it? A build calls the gate in a thread, as a plain function"
    raise NotYet("gate(config)", got="it returned a coroutine", wanted="a word", ask=ask)


def _question(said: _Said, word: str) -> str:
    """The question that leads from what was said to the word."""
    if type(said.error) is CommandError and word == "behind":
        return "which of the two commands has an error class of its own for a database behind?"
    if said.error:
        return "which `except` is for an error of that class?"
    if said.word is None:
        return "which line returns the word for this state?"
    if isinstance(said.word, str) and said.word.lower() == word:
        return "is it that word, letter for letter?"
    if not said.asked:
        return "where does that word come from, if this call asked nobody?"
    if word == "clean":
        return "here neither command raises: which line returned that word all the same?"
    if said.word == "clean":
        return "which command asks this question, and what becomes of the error that it raises?"
    return "which line returned that word, and for which classes of error does it?"


_UNREACHABLE = "postgresql+asyncpg://nobody@127.0.0.1:1/nowhere"


async def _no_word_for_what_else_goes_wrong(gate: Gate, config: Config) -> None:
    """No folder of revisions, an env.py that gives no metadata, no server: none has a word."""
    await asyncio.to_thread(command.stamp, config, "0001")
    await _stays_an_error(gate, Config(), "gate(config), with a `config` that names no folder")
    without_metadata(_PROJECT)
    await _stays_an_error(gate, config, "gate(config), where env.py gives the context no metadata")
    os.environ["DATABASE_URL"] = _UNREACHABLE
    await _stays_an_error(gate, config, "gate(config), where no server answers")


async def _stays_an_error(gate: Gate, config: Config, call: str) -> None:
    try:
        said = await asyncio.to_thread(gate, config)
    except Exception:
        return
    raise NotYet(
        call,
        got=f"it returned {show(said)}",
        wanted="an error, as Alembic or the driver raises it",
        ask="what does CI do with that word, and which errors did you mean to catch?",
    )
