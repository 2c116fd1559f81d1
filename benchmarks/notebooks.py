"""What `wb test` costs beside the least that could be done: the same notebooks and checks, bare.

`python benchmarks/notebooks.py [NN …]` runs, for each of these notebooks (00 to 04 if none is
named), one after the other in one process: the solution with nbclient, nothing compared; then each
known answer and each mutant of its exercises. Then it runs `wb test NN …` for the same
notebooks, which compares every cell, solved, unsolved and twice, and judges the same answers. Both
keep temporary files in the same place. It prints seconds and their ratio; the ratio is what carries
over to another machine.
"""

import asyncio
import os
import subprocess
import sys
import time

import nbformat

from workbook import material, postgres
from workbook.authoring import quick_files, run, sandbox
from workbook.base import paths
from workbook.checks.checking import Checks
from workbook.material.known_answers import known_answers
from workbook.myapp import formats, standin
from workbook.proof.mutate import mutants_of

GOAL = 1.3
"""What `wb test` may take, as a multiple of the bare run."""


def executed(notebook: material.Notebook) -> None:
    """The solution, cell by cell, in a new kernel."""
    solution = nbformat.read(paths.ROOT / "solutions" / f"{notebook.stem}.ipynb", 4)
    with sandbox.work() as own:
        run.execute(solution, notebook.stem, dict(os.environ) | own)


async def judged(notebook: material.Notebook) -> int:
    """Every known answer and mutant, one after the other; how many."""
    checks = Checks(postgres.attach(), notebook.number, "bare")
    count = 0
    for exercise in notebook.exercises:
        known = [each.text for each in known_answers(exercise.id)]
        for text in [exercise.solution, *known, *(text for _, text in mutants_of(exercise))]:
            whole = text
            if exercise.path:
                before = standin.reference(notebook.number)[exercise.path]
                whole = formats.for_path(exercise.path).merge(before, text)
            await checks.judge(exercise, whole)
            count += 1
    await checks.close()
    return count


def bare(notebook: material.Notebook) -> float:
    """Seconds of the least: execute, and judge."""
    began = time.perf_counter()
    executed(notebook)
    count = asyncio.run(judged(notebook))
    taken = time.perf_counter() - began
    print(f"{notebook.number}: bare {taken:6.1f} s, {count} answers", flush=True)
    return taken


def tested(numbers: list[str]) -> float:
    """Seconds of `wb test NN …`."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "workbook", "test", *numbers]
    subprocess.run(command, cwd=paths.ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    """Print both sums and their ratio; 1 where the goal is missed."""
    numbers = sys.argv[1:] or ["00", "01", "02", "03", "04"]
    quick_files.use()
    with sandbox.server():
        least = sum(bare(material.notebook(number)) for number in numbers)
    whole = tested(numbers)
    print(f"bare {least:.0f} s, wb test {whole:.0f} s: {whole / least:.2f} times; goal {GOAL}")
    return 0 if whole <= GOAL * least else 1


if __name__ == "__main__":
    sys.exit(main())
