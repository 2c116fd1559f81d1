"""Running Alembic inside a check: in the folder of the answer, quietly."""

import asyncio
import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.util.exc import CommandError

from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet

VERSIONS = Path("alembic/versions")
"""The folder of the revisions, in the folder of the check."""


def silent_stream() -> io.TextIOWrapper:
    """A stream that keeps what Alembic prints to itself."""
    return io.TextIOWrapper(io.BytesIO(), "utf-8")


def answer_config() -> Config:
    """The configuration of the answer, in the folder of the check."""
    return Config("alembic.ini", stdout=silent_stream())


async def run_command(command: Callable[..., Any], *arguments: Any) -> None:
    """A command of Alembic, in a thread, without what it prints."""
    await asyncio.to_thread(command, answer_config(), *arguments)


def keep_only_revisions(*names: str) -> None:
    """Leave only the revisions of these file names in the folder."""
    for path in VERSIONS.glob("*.py"):
        if path.name not in names:
            path.unlink()


@contextlib.contextmanager
def no_command_error(call: str, ask: str) -> Iterator[None]:
    """Turn what Alembic refuses into the three-part sentence."""
    try:
        yield
    except CommandError as error:
        got = f"CommandError: {error}"
        raise NotYet(call, got=got, wanted="no complaint", ask=ask) from None


async def database_revisions(answer: Answer) -> list[str]:
    """The rows of alembic_version; none where the table is not there."""
    if not await answer.observer.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL"):
        return []
    return [row[0] for row in await answer.observer.fetch("SELECT * FROM alembic_version")]
