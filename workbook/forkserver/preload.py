"""Which modules a fork server imports ahead, and importing them."""

import contextlib
import gc
import importlib
import io
from collections.abc import Iterable
from pathlib import Path

from workbook.base import settings

MODULES = {
    "00": [
        "alembic.command",
        "alembic.config",
        "asyncpg",
        "pydantic_settings",
        "sqlalchemy.ext.asyncio",
        "sqlalchemy.orm",
        "sqlalchemy.dialects.postgresql.asyncpg",
    ],
    "05": [
        "anyio._backends._asyncio",
        "fastapi",
        "httpcore",
        "httpx",
        "pydantic.v1",
        "uvicorn",
        "uvicorn.lifespan.on",
        "uvicorn.protocols.http.auto",
        "uvicorn.protocols.websockets.auto",
    ],
    "08": ["anyio.pytest_plugin", "pytest", "testcontainers.community.postgres"],
}
"""What the app needs, from the first notebook on that needs it: also what others import late."""

_loaded = False


def modules(number: str) -> list[str]:
    """The modules that the app needs in this notebook, in the order of import."""
    return [name for first, names in MODULES.items() if first <= number for name in names]


def step(number: str) -> str:
    """The number under which `MODULES` has what this notebook needs last: 05 for 07."""
    return max(first for first in MODULES if first <= number)


def address(number: str) -> Path | None:
    """The fork server that has loaded them, where validation runs one."""
    folder = settings.read().fork_servers
    return Path(folder, step(number)) if folder else None


def load(names: Iterable[str]) -> None:
    """Import these modules, and keep the collector's hands off them.

    Forks collect their own garbage only, and share the pages of what was there before.
    """
    global _loaded
    for name in names:
        importlib.import_module(name)
        if name == "pytest":
            _load_plugins()
    gc.freeze()
    _loaded = True


def is_loaded() -> bool:
    """Whether this process, or the one that it is a fork of, has done so."""
    return _loaded


def _load_plugins() -> None:
    """Let pytest import its own plugins, as each of its runs does; asking for help does no more."""
    import pytest

    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--help", "--disable-plugin-autoload", "-p", "no:cacheprovider"])
