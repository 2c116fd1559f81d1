"""What a busy machine, or one with more packages, must not change."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import place as place
from postgres_fixtures import started
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks import apps, figures
from workbook.base import paths, platforms
from workbook.base.urls import for_sqlalchemy
from workbook.checks import busy
from workbook.checks.nb10 import engine
from workbook.checks.nb10.attempts import FailingWork, pauses, timers_seen
from workbook.checks.time_limit import TooSlow, stopped_when_it_blocks
from workbook.checks.verdict import CannotJudge, NotYet
from workbook.judge import faults
from workbook.judge.client import Answer
from workbook.judge.place import Place, Service
from workbook.judge.storm import Storm
from workbook.postgres import new_private_cluster

PAUSES = [0.01, 0.02, 0.04]


class Session:
    """A session that stores nothing."""

    async def execute(self, *_: Any) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("share", "slow", "no_time"),
    [
        (busy.Share(0.4, 5.0), 1, True),
        (busy.Share(0.4, 0.1), 12, True),
        (busy.Share(0.4, 0.1), 1.1, False),
        (busy.Share(3.0, 4.9), 12, False),
        (busy.Share(7.0, 0.0), 1, False),
    ],
    ids=["in line", "slow machine", "waits for ever", "loops beside others", "loops"],
)
def test_an_endless_answer_is_told_from_a_machine_without_time(
    monkeypatch: pytest.MonkeyPatch, share: busy.Share, slow: float, no_time: bool
) -> None:
    monkeypatch.setattr(busy, "slowdown", lambda: slow)
    assert busy.had_no_time(8, share) is no_time


def test_less_time_is_enough_where_a_line_of_the_answer_itself_ran(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(busy, "slowdown", lambda: 12)
    few, next_to_none = busy.Share(1.2, 6.0), busy.Share(0.1, 7.0)
    assert busy.had_no_time(8, few) and not busy.had_no_time(8, few, own_line_ran=True)
    assert busy.had_no_time(8, next_to_none, own_line_ran=True)


def turn() -> None:
    while True:
        pass


@pytest.mark.parametrize(("line", "itself"), [("while True: pass", True), ("turn()", False)])
def test_it_is_known_whether_a_line_of_the_answer_itself_ran(
    tmp_path: Path, line: str, itself: bool
) -> None:
    answer = compile(f"\n{line}", str(tmp_path / "answer.py"), "exec")
    with pytest.raises(TooSlow) as caught, stopped_when_it_blocks(0.2, str(tmp_path)):
        exec(answer, {"turn": turn})
    assert "line 2" in caught.value.where and caught.value.ran is itself


def test_a_line_that_was_not_over_is_said_also_where_nothing_was_judged() -> None:
    said = busy.not_judged(8, 0.4, {"You wrote": "your cell, line 3: await pool.fetch(sql)"})
    assert said["outcome"] == "broken" and "got 0.4 seconds" in said["lines"]["Sorry"]
    assert said["lines"]["You wrote"] == "your cell, line 3: await pool.fetch(sql)"


@pytest.mark.parametrize(("slow", "kind"), [(1, NotYet), (12, CannotJudge)])
def test_what_a_clock_shows_is_said_where_the_machine_is_quick(
    monkeypatch: pytest.MonkeyPatch, slow: float, kind: type[Exception]
) -> None:
    monkeypatch.setattr(busy, "slowdown", lambda: slow)
    problem = NotYet("f()", got="no end", wanted="an end")
    assert isinstance(busy.by_the_clock(problem), kind)
    with pytest.raises(kind), busy.by_the_clock_within():
        raise problem


@pytest.mark.parametrize(("slow", "found"), [(1, False), (12, True)])
def test_what_comes_late_is_waited_for_where_the_machine_is_busy(
    monkeypatch: pytest.MonkeyPatch, slow: float, found: bool
) -> None:
    monkeypatch.setattr(busy, "slowdown", lambda: slow)
    began = time.monotonic()

    async def has_come() -> bool:
        return time.monotonic() - began > 0.4

    assert asyncio.run(busy.eventually(has_come, timeout=0.2)) is found


@pytest.mark.parametrize(("slow", "held"), [(1, "NO"), (12, "yes")])
def test_the_judge_of_a_service_grants_a_busy_machine_its_time(
    monkeypatch: pytest.MonkeyPatch, slow: float, held: str
) -> None:
    monkeypatch.setattr(busy, "slowdown", lambda: slow)
    storm = Storm(cast("Service", None), None, "/rows", reads=[Answer(200, 9.0)])
    assert faults._counted(storm, 0, 1.0, "").held == held
    contract = SimpleNamespace(contract=SimpleNamespace(live="/livez"))
    for answer, quick in ((9.0, 0.1), (3.0, 3.0)):
        found = faults._flooded(
            cast("Place", contract), [Answer(503, answer, 1)], Answer(200, quick), ""
        )
        assert found.held == held


def test_what_a_process_got_of_the_time_is_counted_with_what_it_started() -> None:
    code = "import time\nwhile time.process_time() < 0.1: pass\nprint(flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        assert child.stdout and child.stdout.readline()
        own = time.process_time()
        assert busy.share_of(child.pid).ran >= 0.08
        assert busy.share_of(os.getpid()).ran >= own + 0.05
    finally:
        child.kill()
        child.communicate()
    assert busy.share_of(child.pid) == (0, 0)
    assert busy.slowdown() >= 1 and platforms.stood_in_line(0) == 0


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


async def _asked_for_four(url: str) -> list[str]:
    """What comes of asking a pool of three four times, while the machine stands still."""
    made = create_async_engine(url, pool_size=3, max_overflow=0, pool_timeout=0.3)
    opened = event.listens_for(made.sync_engine, "do_connect")
    opened(lambda *_: time.sleep(0.6))  # a server that takes long to let somebody in
    loop = asyncio.get_running_loop()
    try:
        async with contextlib.AsyncExitStack() as stack:
            found = [await engine._one_more(made, stack) for _ in range(3)]
            loop.call_later(0.1, time.sleep, 1)
            return [*found, await engine._one_more(made, stack)]
    finally:
        await made.dispose()


def test_the_wait_of_a_pool_is_its_setting_and_opening_a_connection_no_wait(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.5)
    with started(new_private_cluster(place / "cluster")) as server:
        found = asyncio.run(_asked_for_four(for_sqlalchemy(server.url())))
    assert found == [engine.LENT] * 3 + [engine.IN_TIME]


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
    assert apps.env(apps.SYNC, url)["PYTHONPATH"].split(os.pathsep)[0] == str(apps.PACKAGES)
    assert apps.env(apps.OURS, url)["PYTHONPATH"] == ""


def test_a_benchmark_names_versions_of_what_only_peers_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After minutes of measuring, a package that is not among the workbook's does not end it."""
    (tmp_path / "sqlmodel-0.0.50.dist-info").mkdir()
    (tmp_path / "sqlmodel-0.0.50.dist-info" / "METADATA").write_text("Version: 0.0.50\n")
    monkeypatch.setattr(figures, "PACKAGES", tmp_path)
    assert "sqlmodel 0.0.50" in figures.report(_measured(), 1, 1.0)


def _measured() -> figures.Figures:
    found = figures.Figures()
    for workload in ("GET", "page", "POST"):
        for app in apps.APPS:
            found.add(workload, app.name, figures.Spell(1.0, 1.0, 1.0, 1.0))
    return found
