"""What a busy machine, or one with more packages, must not change."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks import apps
from workbook.base import paths
from workbook.checks.nb10.attempts import FailingWork, pauses, timers_seen

PAUSES = [0.01, 0.02, 0.04]


class Session:
    """A session that stores nothing."""

    async def execute(self, *_: Any) -> None:
        """Do nothing."""


async def _attempts(late: float) -> list[float]:
    """The pauses of work that is tried again, where the first one ends so many seconds late."""
    work, session = FailingWork(*map(ValueError, PAUSES)), Session()
    with timers_seen() as timers:
        for pause in PAUSES:
            with pytest.raises(ValueError):
                await work(session)  # type: ignore[arg-type]
            if pause == PAUSES[0]:
                asyncio.get_running_loop().call_soon(time.sleep, late)
            await asyncio.sleep(pause)
        await work(session)  # type: ignore[arg-type]
    return pauses(work, timers)


def test_a_pause_is_what_was_asked_for_however_late_it_ends() -> None:
    """By the clock the first of them is the longest, by far."""
    first, second, third = asyncio.run(_attempts(0.5))
    assert first < second < third < 0.1


def test_the_wrong_driver_is_not_found_even_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "psycopg.py").write_text("__version__ = '3.3.9'")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    cells = json.loads((paths.ROOT / "notebooks" / "01_database.ipynb").read_text())["cells"]
    texts = ["".join(each["source"]) for each in cells if each["cell_type"] == "code"]
    cell = next(each for each in texts if "create_async_engine(lab.url)" in each)
    lab = type("Lab", (), {"url": "postgresql://me@127.0.0.1/night"})
    with pytest.raises(ModuleNotFoundError, match="No module named 'psycopg'"):
        exec(cell, {"lab": lab, "create_async_engine": create_async_engine})


def test_the_peers_have_packages_of_their_own_and_the_reference_app_has_not() -> None:
    url = "postgresql://me@127.0.0.1/night"
    assert apps.env(apps.SYNC, url)["PYTHONPATH"] == str(apps.PACKAGES)
    assert apps.env(apps.OURS, url)["PYTHONPATH"] == ""
