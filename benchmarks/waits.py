"""How long somebody waits: for a server, for a notebook's start, for the app's own tests.

`python benchmarks/waits.py [ROUNDS]` prints medians beside what they are meant to be on a quiet
machine. Tests hold what these figures come from (connections, processes, statements), since a busy
machine makes every clock wrong; here the clock itself is looked at, and no figure fails.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from workbook import postgres
from workbook.authoring import sandbox
from workbook.base import paths
from workbook.base.urls import for_sqlalchemy
from workbook.postgres import compose, databases

APP = paths.ROOT / "app_reference"
START = (
    "import asyncio, time, workbook.lab.lab; from workbook import start; began = time.monotonic();"
    "asyncio.run(start('04')); print(time.monotonic() - began)"
)
COST = """
from statistics import median
from time import perf_counter

import pytest

alone, isolated = [], []


@pytest.mark.parametrize("number", range(60))
async def test_alone(number):
    alone.append(perf_counter())


@pytest.mark.parametrize("number", range(60))
async def test_isolated(number, session):
    isolated.append(perf_counter())


def test_cost():
    between = [median(b - a for a, b in zip(times, times[1:])) for times in (alone, isolated)]
    print("cost", between[1] - between[0])
"""


def took(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def notebook_starts() -> float:
    """The first start of 04 in a learner's empty folder; the interpreter is there already."""
    with sandbox.work() as own:
        command = [sys.executable, "-c", START]
        return float(subprocess.check_output(command, env=os.environ | own, text=True).split()[-1])


def app_tests(folder: Path) -> str:
    """What the app's own pytest says, on an empty database."""
    server = postgres.attach()
    asyncio.run(databases.recreate(server, "own_tests"))
    url = for_sqlalchemy(server.url("own_tests"))
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"]
    env = os.environ | {"TEST_DATABASE_URL": url, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.check_output(command, cwd=folder, env=env, text=True)


def isolation() -> float:
    """What a session in a transaction of its own adds to a test."""
    with sandbox.work() as own:
        there = Path(own["WORKBOOK_WORK"]) / "app"
        shutil.copytree(APP, there, ignore=shutil.ignore_patterns("__pycache__", "test_*"))
        (there / "tests" / "test_cost.py").write_text(COST, "utf-8")
        return float(re.findall(r"cost ([\d.e-]+)", app_tests(there))[0])


def own_tests() -> float:
    """All of the app's own tests, as pytest counts their time."""
    return float(re.findall(r" in ([\d.]+)s", app_tests(APP))[-1])


WAITS: list[tuple[str, float, Callable[[], float]]] = [
    ("attach to a server that runs", 0.5, lambda: took(postgres.attach)),
    ("see that no Compose runs", 0.05, lambda: took(compose.running)),
    ("start notebook 04 first", 2.0, notebook_starts),
    ("a session for a test of the app", 0.005, isolation),
    ("the app's own tests", 15.0, own_tests),
]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with sandbox.server():
        for what, goal, measure in WAITS:
            found = median(measure() for _ in range(rounds))
            print(f"{what:<34} {found * 1000:>8.1f} ms   meant: {goal * 1000:.0f}", flush=True)


if __name__ == "__main__":
    main()
