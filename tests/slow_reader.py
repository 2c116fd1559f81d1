"""A reader who stops for some time before every cell of some parts of a notebook.

A pause of seconds stands for one of any length where nothing goes on in it that a clock could end.
So at the end of each pause one looks: at the server, for whoever is in a transaction or waits for
a lock; in the kernel, for tasks of its cells that have not ended.
"""

import ast
import asyncio
import os
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import nbformat
from nbclient import NotebookClient

from workbook import postgres
from workbook.authoring import run, sandbox
from workbook.authoring.lesson import Cell
from workbook.authoring.outline import pieces_of

GOES_ON = """
SELECT concat_ws(', ', state, CASE wait_event_type WHEN 'Lock' THEN 'waits for a lock' END)
       || ': ' || left(query, 60)
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'
ORDER BY backend_start
"""
TASKS = """sorted(
    f'task: {task.get_coro().__qualname__}'
    for task in __import__('asyncio').all_tasks()
    if 'ipykernel_' in getattr(getattr(task.get_coro(), 'cr_code', None), 'co_filename', '')
)"""
"""Tasks that run what a cell defines; the kernel's own are none of them."""


@dataclass(frozen=True)
class Pause:
    """One stop of the reader."""

    before: str
    """The first line of the cell that comes next."""
    goes_on: tuple[str, ...]
    """What had not ended meanwhile: in the server, and in the kernel."""


def read_slowly(notebook: Path, headings: Collection[str], seconds: float) -> list[Pause]:
    """Run a built notebook as far as these parts reach; stop before and after each cell of theirs.

    A part is what stands under a heading of the second level, or a deeper block. Checks, and other
    deeper blocks, are left out; the last cell, which closes everything, comes last. Each failure
    must be the certified one, and each sentence that speaks of a cell must hold.
    """
    book = nbformat.read(notebook, 4)
    parts = list(_parts(book.cells))
    slow = {each.id for each, *names in parts if {*names} & {*headings}}
    assert slow, f"no cells under {headings}"
    known = [each for each, _, deeper in parts if not deeper or each.id in slow]
    reach = max(n for n, each in enumerate(known) if each.id in slow) + 1
    book.cells = known[:reach] + [each for each in book.cells[-1:] if each.id not in slow]
    reader = _Reader(book, slow, seconds)
    with sandbox.server() as environment, sandbox.work() as own:
        everything = os.environ | environment | own
        reader.client.execute(env=everything, stderr=subprocess.DEVNULL)
    assert not list(run.complaints(book.cells))
    return reader.pauses


def _parts(cells: list[Any]) -> Iterator[tuple[Any, str, str]]:
    """Each code cell that is no check, with its heading, and that of its deeper block."""
    known = {each.id: each for each in cells}
    read = [Cell(each.cell_type, each.source, each.id) for each in cells]
    for piece in pieces_of(read):
        if piece.cell.kind == "code" and "lab.check(" not in piece.text:
            yield known[piece.cell.id], _plain(piece.section), _plain(piece.deeper)


def _plain(heading: str) -> str:
    """A heading without its minutes."""
    return heading.split(" · ")[0]


class _Reader:
    """Stops, looks, and asks what the lesson says of each cell."""

    def __init__(self, book: Any, slow: set[str], seconds: float) -> None:
        self.client = NotebookClient(book, timeout=60, kernel_name="python3", record_timing=False)
        self.client.on_cell_start = self._stop
        self.client.on_cell_executed = self._ask
        self.pauses: list[Pause] = []
        self._slow, self._seconds, self._last = slow, seconds, ""

    @property
    def _kernel(self) -> Any:
        return self.client.kc

    async def _stop(self, cell: Any, cell_index: int) -> None:
        if {cell.id, self._last} & self._slow:
            await asyncio.sleep(self._seconds)
            goes_on = (*await _in_the_server(), *await self._in_the_kernel())
            self.pauses.append(Pause(cell.source.splitlines()[0], goes_on))
        self._last = cell.id

    async def _ask(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        for sentence, question in run.questions(cell):
            reply = await self._kernel.execute(
                question, silent=True, store_history=False, reply=True, timeout=60
            )
            assert not run.denied(reply), sentence

    async def _in_the_kernel(self) -> list[str]:
        reply = await self._kernel.execute(
            "", silent=True, user_expressions={"tasks": TASKS}, reply=True, timeout=60
        )
        tasks: list[str] = ast.literal_eval(
            reply["content"]["user_expressions"]["tasks"]["data"]["text/plain"]
        )
        return tasks


async def _in_the_server() -> list[str]:
    connection = await asyncpg.connect(postgres.attach().url("postgres"))
    try:
        return [row[0] for row in await connection.fetch(GOES_ON)]
    finally:
        connection.terminate()
