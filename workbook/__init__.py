"""Nightwatch: a workbook in which you build an async Python API against a live PostgreSQL."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.lab.lab import Lab


async def start(number: str) -> "Lab":
    """Begin a notebook: a server, a fresh database, and the files of the notebooks before it."""
    from workbook.lab.lab import begin

    return await begin(number)
