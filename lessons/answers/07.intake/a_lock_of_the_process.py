# wrong: who but this process knows your lock?
"""Alerts: taken in once. Functions flush what they write, and never commit."""

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Alert
from app.schemas import AlertIn

one_at_a_time = asyncio.Lock()


async def take_in(session: AsyncSession, new: AlertIn) -> tuple[Alert, bool]:
    """Store an alert unless its team has one of this key; return it, and whether it is new."""
    row = new.model_dump(include={"team_id", "dedupe_key", "payload"})
    known = select(Alert).filter_by(team_id=new.team_id, dedupe_key=new.dedupe_key)
    async with one_at_a_time:
        stored = await session.scalar(known)
        if stored is not None:
            return stored, False
        session.add(stored := Alert(**row))
        await session.flush()
    return stored, True
