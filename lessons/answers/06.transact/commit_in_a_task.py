# wrong: which call was begun, and not awaited before the session was closed?
import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work):
    async with session_factory() as session:
        result = await work(session)
        asyncio.create_task(session.commit())
        return result
