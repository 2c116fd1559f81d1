# right: session and transaction in two blocks: the session outlives its transaction, so something can be read after the COMMIT
import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work):
    async with session_factory() as session:
        async with session.begin():
            return await work(session)
