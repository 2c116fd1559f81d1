# wrong: what does your function return, when it has the page?
"""Pages: which are to be sent. Functions flush what they write, and never commit."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Page


async def take(session: AsyncSession) -> Page | None:
    """Return the oldest page that waits and that no other worker has, locked; or None."""
    waiting = select(Page).where(Page.sent_at.is_(None)).order_by(Page.id).limit(1)
    await session.scalar(waiting.with_for_update(skip_locked=True))
