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


def nowhere() -> io.TextIOWrapper:
    """A stream that keeps what Alembic prints to itself."""
    return io.TextIOWrapper(io.BytesIO(), "utf-8")


def config() -> Config:
    """The configuration of the answer, in the folder of the check."""
    return Config("alembic.ini", stdout=nowhere())


async def run(step: Callable[..., Any], *arguments: Any) -> None:
    """A command of Alembic, in a thread, without what it prints."""
    await asyncio.to_thread(step, config(), *arguments)


def only(*names: str) -> None:
    """Leave only these revisions in the folder."""
    for path in VERSIONS.glob("*.py"):
        if path.name not in names:
            path.unlink()


@contextlib.contextmanager
def said(called: str, ask: str) -> Iterator[None]:
    """Turn what Alembic refuses into the three-part sentence."""
    try:
        yield
    except CommandError as error:
        raise NotYet(called, f"CommandError: {error}", "no complaint", ask) from None


async def version(answer: Answer) -> list[str]:
    """The rows of alembic_version; none where the table is not there."""
    if not await answer.observer.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL"):
        return []
    return [row[0] for row in await answer.observer.fetch("SELECT * FROM alembic_version")]
