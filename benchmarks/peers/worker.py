"""The worker of tutorials: it reads the oldest page that waits, sends it, and marks it sent."""

import asyncio
import json
import os
import sys

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
OLDEST = text("SELECT id FROM page WHERE sent_at IS NULL ORDER BY id LIMIT 1")
SENT = text("UPDATE page SET sent_at = now() WHERE id = :id")


async def main() -> None:
    while True:
        async with engine.begin() as connection:
            page = await connection.scalar(OLDEST)
            if page is not None:
                print(json.dumps({"message": "paged", "page": page}), file=sys.stderr, flush=True)
                await connection.execute(SENT, {"id": page})
        await asyncio.sleep(0 if page is not None else 0.1)


asyncio.run(main())
