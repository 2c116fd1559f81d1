"""How much memory a way of reading takes: each in a fresh process, at its peak.

A process begins with no memory that an earlier way has left, which would hide what the next takes.
"""

import asyncio
import json
import linecache
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from workbook.base.problem import Problem
from workbook.display.table import Table

Way = Callable[[AsyncSession], Awaitable[int]]
"""Reads with this session, and returns how many rows it has seen."""
SECONDS = 60
"""How long one may take."""


class Megabytes(float):
    """So many million bytes, which are others in each run."""

    def __str__(self) -> str:
        """Marked as a measured figure."""
        return f"≈ {self:,.0f} MB"


async def compare(url: str, ways: tuple[Way, ...], team: int) -> Table:
    """For each way: its name, how many rows it saw, and its peak above that of a connection."""
    rows = []
    for way in ways:  # one after the other: two processors may be all there are
        found = await _in_a_process({"url": url, "team": team, **_text(way)})
        rows.append((way.__name__, found["rows"], Megabytes(found["bytes"] / 1e6)))
    return Table(("way", "rows", "memory"), rows, "Each in a process of its own, at its peak.")


def _text(way: Way) -> dict[str, Any]:
    """The cell that defines this function, and where the app is that it imports."""
    code = way.__code__
    app = getattr(sys.modules.get("app.models"), "__file__", None)
    return {
        "name": way.__name__,
        "source": "".join(linecache.getlines(code.co_filename)),
        "places": [str(Path(app).parents[1])] if app else [],
    }


async def _in_a_process(asked: dict[str, Any]) -> dict[str, Any]:
    """What `measured` finds in a fresh interpreter; Problem where it fails, or takes too long."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        async with asyncio.timeout(SECONDS):
            printed, complaint = await process.communicate(json.dumps(asked).encode())
    except TimeoutError:
        raise Problem(f"{asked['name']} took longer than {SECONDS} seconds.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:]
        raise Problem(f"{asked['name']} came to no end: {''.join(last)}")
    result: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return result


async def measured(asked: dict[str, Any]) -> dict[str, int]:
    """How many rows the named function of this source sees, and how much it takes, in bytes."""
    from sqlalchemy.ext.asyncio import create_async_engine

    from workbook.base.platforms import peak_memory

    names: dict[str, Any] = {}
    exec(compile(asked["source"], "<cell>", "exec"), names)
    engine = create_async_engine(asked["url"])
    try:
        async with engine.connect() as connection:
            team = (str(asked["team"]),)
            await connection.exec_driver_sql("SELECT set_config('app.team', $1, true)", team)
            async with AsyncSession(connection, expire_on_commit=False) as session:
                before = peak_memory()
                rows = await names[asked["name"]](session)
                return {"rows": rows, "bytes": peak_memory() - before}
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asking = json.loads(sys.stdin.read())
    sys.path[:0] = asking["places"]
    print(json.dumps(asyncio.run(measured(asking))))
