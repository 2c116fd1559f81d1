"""Imports that take long, done once in a process that forks: a check's, a replayed program's."""

import gc
import importlib
import sys

SLOW = {
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


def up(number: str) -> None:
    """Import what the app needs in this notebook, and keep the collector's hands off it."""
    for name in (each for first, names in SLOW.items() if first <= number for each in names):
        importlib.import_module(name)
    for name in getattr(sys.modules.get("_pytest.config"), "default_plugins", ()):
        importlib.import_module(f"_pytest.{name}")
    gc.freeze()  # children collect their own garbage only, and share these pages


def is_up() -> bool:
    """Whether this process has done so."""
    return SLOW["00"][0] in sys.modules
