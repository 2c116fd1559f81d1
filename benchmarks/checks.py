"""How long a check takes, and how much longer a fresh interpreter would need for the same one.

`python benchmarks/checks.py [ROUNDS] [NN…]` judges the solution of every exercise, or of those of
some notebooks: ROUNDS times (3 where nobody says) by a fork of the warm process, as a learner's
check is, and once by a new Python process that imports what the check needs and runs the same
checker on a database made the same way. Both are interleaved, on one server. A line is printed as
soon as an exercise is done: milliseconds of the median, and the ratio, which is what carries over
to another machine. All exercises together take less than five minutes.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from workbook import material, postgres
from workbook.authoring import sandbox
from workbook.checks import checking
from workbook.checks.checking import Checks
from workbook.checks.request import Request, to_json
from workbook.myapp import formats, standin

ROUNDS = 3
GOAL_MS = 300
"""The median on a quiet machine; printed, and no reason to fail on a busy one."""
LEAST = 2.0
"""How many times quicker than a fresh interpreter it must be, on any machine."""
FRESH = (
    "import json, sys; from workbook.checks import child, request;"
    "print(json.dumps(child.run(request.from_json(sys.stdin.read()))))"
)


class FreshProcess:
    """Runs a check in a new interpreter; stands in for the forks of a warm one."""

    def run(self, request: Request) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-c", FRESH],
            input=to_json(request),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return dict(json.loads(done.stdout))


async def measure(rounds: int, notebook: material.Notebook) -> tuple[list[float], list[float]]:
    """Milliseconds of every check of a notebook's solutions: by forks, and in fresh processes."""
    server = postgres.attach()
    forked, fresh = (Checks(server, notebook.number, "bench") for _ in range(2))
    fresh.runner = FreshProcess()
    warm: list[float] = []
    cold: list[float] = []
    for exercise, source in _solutions(notebook):
        await _timed(forked, exercise, source)  # the first one warms the process up
        times = [await _timed(forked, exercise, source) for _ in range(rounds)]
        slow = await _timed(fresh, exercise, source)
        middle = statistics.median(times)
        print(f"{exercise.id:<18} {middle:6.0f} {slow:8.0f} {slow / middle:6.1f}", flush=True)
        warm += times
        cold.append(slow)
    for checks in (forked, fresh):
        await checks.close()
    checking.RUNNER.stop()
    return warm, cold


def _solutions(notebook: material.Notebook) -> Iterator[tuple[material.Exercise, str]]:
    """Each exercise with the text that a check of its solution is about."""
    files = standin.reference(notebook.number)
    for each in notebook.exercises:
        source = each.solution
        if each.path:
            source = formats.for_path(each.path).merge(files[each.path], source)
        yield each, source


async def _timed(checks: Checks, exercise: material.Exercise, source: str) -> float:
    began = time.perf_counter()
    verdict = await checks.judge(exercise, source)
    assert verdict, verdict
    return (time.perf_counter() - began) * 1000


def main() -> int:
    """Print the figures; 1 when the warm process is hardly quicker than a fresh one."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    warm: list[float] = []
    fresh: list[float] = []
    print("exercise           fork ms fresh ms  ratio", flush=True)
    with sandbox.server():
        for notebook in material.notebooks():
            if not sys.argv[2:] or notebook.number in sys.argv[2:]:
                found = asyncio.run(measure(rounds, notebook))
                warm, fresh = warm + found[0], fresh + found[1]
    median = statistics.median(warm)
    worst = sorted(warm)[int(len(warm) * 0.95)]
    ratio = statistics.median(fresh) / median
    goal = "held" if median <= GOAL_MS else "not held, or the machine is busy"
    print(f"checks: {len(warm)}  median: {median:.0f} ms  95 %: {worst:.0f} ms")
    print(f"in a fresh interpreter: {statistics.median(fresh):.0f} ms, {ratio:.1f} times as long")
    print(f"the goal of {GOAL_MS} ms in the median: {goal}")
    return int(ratio < LEAST)


if __name__ == "__main__":
    raise SystemExit(main())
