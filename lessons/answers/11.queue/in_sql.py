# right: the id by SQL, then the object: one can try the query at PostgreSQL's command line, and it is two statements instead of one
"""Pages: which are to be sent. Functions flush what they write, and never commit."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Page


async def take(session: AsyncSession) -> Page | None:
    """Return the oldest page that waits and that no other worker has, locked; or None."""
    sql = "SELECT id FROM page WHERE sent_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
    page_id = await session.scalar(text(sql))
    return None if page_id is None else await session.get(Page, page_id)
