"""Demonstrations with locks and timeouts show the same to a reader who stops at any cell."""

from pathlib import Path

import nbformat
import pytest
from slow_reader import read_slowly

from workbook.base import paths

PAUSE = 3.0
"""Seconds. Where nothing goes on meanwhile, ten minutes are the same."""
PARTS = {"04": ("Who waits for whom", "From the other side")}
"""By notebook: the headings of its demonstrations with locks and timeouts, without the minutes."""


@pytest.mark.parametrize("number", PARTS)
def test_a_reader_may_stop_for_ever_between_any_two_cells(number: str) -> None:
    notebook = next((paths.ROOT / "solutions").glob(f"{number}_*.ipynb"))
    pauses = read_slowly(notebook, PARTS[number], PAUSE)
    assert len(pauses) > len(PARTS[number])
    assert {pause.before: pause.goes_on for pause in pauses if pause.goes_on} == {}


OPENS = """
import asyncio, asyncpg, os
url = os.environ["DATABASE_URL"].replace("+asyncpg", "")
report, other = await asyncpg.connect(url), await asyncpg.connect(url)
await report.execute("BEGIN; SELECT count(*) FROM team")


async def alter():
    await other.execute("SET lock_timeout = '1h'; ALTER TABLE team ADD note text")


migration = asyncio.create_task(alter())
await lab.observer.locks(expect=1)
"""
CLOSES = """
await report.execute("COMMIT")
await migration
await report.close()
await other.close()
"""


def test_what_goes_on_in_a_pause_is_seen(tmp_path: Path) -> None:
    v4 = nbformat.v4
    cells = ["from workbook import start\nlab = await start('04')", OPENS, CLOSES]
    start, *slow = [v4.new_code_cell(each) for each in cells]
    book = v4.new_notebook(cells=[start, v4.new_markdown_cell("## Waits"), *slow])
    nbformat.write(book, tmp_path / "waits.ipynb")
    before, between = read_slowly(tmp_path / "waits.ipynb", ["Waits"], 0.1)
    assert before.goes_on == ()
    assert [each[:40] for each in between.goes_on] == [
        "idle in transaction: BEGIN; SELECT count",
        "active, waits for a lock: SET lock_timeo",
        "task: alter",
    ]
