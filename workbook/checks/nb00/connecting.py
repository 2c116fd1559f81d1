"""What a call sends to a server: whether it connects at all, and with which values it asks."""

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import asyncpg
from asyncpg import connect_utils


@contextlib.contextmanager
def connecting() -> Iterator[mock.AsyncMock]:
    """Notes each connection that the driver begins meanwhile, of a pool's too."""
    connect: Any = connect_utils._connect
    with mock.patch.object(connect_utils, "_connect", side_effect=connect) as seen:
        yield seen


@contextlib.contextmanager
def values_sent() -> Iterator[list[Any]]:
    """Gathers the values that go with the statements meanwhile, but for prepared ones."""
    execute: Any = asyncpg.Connection._execute
    sent: list[Any] = []

    async def noting(own: Any, query: str, values: Any, *others: Any, **named: Any) -> Any:
        sent.extend(values)
        return await execute(own, query, values, *others, **named)

    with mock.patch.object(asyncpg.Connection, "_execute", noting):
        yield sent
