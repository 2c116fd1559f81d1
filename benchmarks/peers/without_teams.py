"""The same, with nothing held to a team: a read is no transaction, and no policy holds its role."""

from sqlalchemy.ext.asyncio import AsyncConnection
from without_token import app

from app import database


async def free(_: AsyncConnection) -> None:
    """Hold nothing."""


database.hold = free
database.readers = database.engine.execution_options(isolation_level="AUTOCOMMIT")
__all__ = ["app"]
