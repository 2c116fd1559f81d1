"""Check of 03.gate: one word about a database and its models, and nothing that changes."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from workbook.checks.alembic_commands import database_revisions
from workbook.checks.answer import Answer, expect, show
from workbook.checks.nb03.gate_project import CREATE_PAGER, create_project
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
    """Four states of a small project, three words, and none without a server; nothing changes."""
    gate = answer.get()
    await answer.observer.execute("DROP TABLE incident, user_account, team")
    config = create_project(_PROJECT)
    for state, sql, word in _STATES:
        await answer.observer.execute(sql)
        if word == "clean":
            await asyncio.to_thread(command.stamp, config, "0001")
        before = await _what_a_gate_could_change(answer)
        await _says(gate, config, f"gate(config), on a database {state}", word)
        expect(
            f"alembic_version and the revisions, after gate(config) on a database {state}",
            await _what_a_gate_could_change(answer),
            before,
            "does a gate look, or does it act?",
        )
    await _no_word_without_server(gate, config)


async def _what_a_gate_could_change(answer: Answer) -> tuple[list[str], list[str]]:
    """The database's version, and the names of the project's revisions."""
    files = (_PROJECT / "versions").glob("*.py")
    return await database_revisions(answer), sorted(path.name for path in files)


async def _says(gate: Gate, config: Config, call: str, word: str) -> None:
    """Ask where Alembic's errors have other words; and where that goes wrong, with its own."""
    with mock.patch.object(CommandError, "__str__", lambda error: "in other words"):
        said = await _ask(gate, config)
    if said == word:
        return
    ask = "which command asks this question, and which class does it raise?"
    expect(call, await _ask(gate, config), word, ask)
    raise NotYet(
        f"{call}, with an Alembic that words its errors differently",
        got=f"it returned {show(said)}",
        wanted=show(word),
        ask="what may a program rely on: the class of an error, or its text?",
    )


async def _ask(gate: Gate, config: Config) -> Any:
    try:
        return await asyncio.to_thread(gate, config)
    except CommandError as error:
        return f"{type(error).__name__}: {error}"


async def _no_word_without_server(gate: Gate, config: Config) -> None:
    """A server that cannot be reached is none of the three words."""
    os.environ["DATABASE_URL"] = "postgresql+asyncpg://nobody@127.0.0.1:1/nowhere"
    try:
        said = await asyncio.to_thread(gate, config)
    except Exception:
        return
    raise NotYet(
        "gate(config), where no server answers",
        got=f"it returned {show(said)}",
        wanted="the error",
        ask="what does a build do with that word, and which errors did you mean to catch?",
    )
