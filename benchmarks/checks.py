"""How long a check takes, and how much longer a fresh interpreter would need for the same one.

`python benchmarks/checks.py [ROUNDS] [NN…]` judges the solutions of every exercise, or of those of
some notebooks, in turn: through the warm check server, as a learner's check is, and through a new
Python process that imports what the check needs and runs the same checker on a database made the
same way. Both are interleaved, on one server. It prints medians in milliseconds and their ratio;
the ratio is what carries over to another machine.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any

from workbook import material, postgres
from workbook.authoring import sandbox
from workbook.checks.checking import Checks
from workbook.checks.child import Request
from workbook.myapp import formats, standin

GOAL_MS = 300
"""The median on a quiet machine; printed, and no reason to fail on a busy one."""
LEAST = 2.0
"""How many times quicker than a fresh interpreter it must be, on any machine."""
FRESH = (
    "import json, sys; from workbook.checks import child;"
    "print(json.dumps(child.run(child.Request(**json.loads(sys.stdin.read())))))"
)


class FreshProcess:
    """Runs a check in a new interpreter; stands in for the check server."""

    def run(self, request: Request) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-c", FRESH],
            input=json.dumps(asdict(request)),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return dict(json.loads(done.stdout))


async def measure(rounds: int, numbers: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of every judged solution: warm, and in a fresh process."""
    server = postgres.attach()
    warm: list[float] = []
    fresh: list[float] = []
    for book in material.notebooks():
        if numbers and book.number not in numbers:
            continue
        ways = [
            (warm, Checks(server, book.number, "bench")),
            (fresh, Checks(server, book.number, "bench")),
        ]
        ways[1][1].runner = FreshProcess()
        for number in range(rounds + 1):
            for exercise in book.exercises:
                source = exercise.solution
                if exercise.path:
                    source = formats.for_path(exercise.path).merge(
                        standin.reference(book.number)[exercise.path], source
                    )
                for times, checks in ways if number else ways[:1]:
                    began = time.perf_counter()
                    verdict = await checks.judge(exercise, source)
                    assert verdict, verdict
                    if number:  # the first round warms the server up
                        times.append((time.perf_counter() - began) * 1000)
        for _, checks in ways:
            await checks.close()
    return warm, fresh


def main() -> int:
    """Print the figures; 1 when the warm process is hardly quicker than a fresh one."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with sandbox.server():
        warm, fresh = asyncio.run(measure(rounds, sys.argv[2:]))
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
