# right: each in its turn, and looked at again when it is locked
"""Pages: which are to be sent. Functions flush what they write, and never commit."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Page


async def take(session: AsyncSession) -> Page | None:
    """Return the oldest page that waits and that no other worker has, locked; or None."""
    waiting = select(Page.id).where(Page.sent_at.is_(None)).order_by(Page.id)
    for page_id in (await session.scalars(waiting)).all():
        one = select(Page).where(Page.id == page_id, Page.sent_at.is_(None))
        page = await session.scalar(one.with_for_update(skip_locked=True))
        if page is not None:
            return page
    return None
