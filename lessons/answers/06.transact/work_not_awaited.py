# wrong: it returned <coroutine object work>
import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work):
    async with session_factory.begin() as session:
        return work(session)
