"""Whether the app's own tests notice a change of the app: mutants, each in a copy of its own.

    python benchmarks/mutants.py [COUNT]      a fixed sample of so many, 100 if nothing is said
    python benchmarks/mutants.py all [WORD]   every one, or those whose description has this word

Two sources: `workbook.proof.mutate` takes something away (an `await`, an argument, a statement, a
clause of SQL), also outside of functions and where they are decorated; cosmic-ray, where it is
installed, puts in another number, comparison or truth. Each mutant gets a fork of this process,
which has imported the libraries, and an empty database. The tests that name its file run first, and
the first one that fails is enough. One that hangs is noticed. `mutants.txt` beside this file names
those that make no difference, each with its reason. Exit code 0: at least 95 of 100 were noticed.
"""

import ast
import difflib
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import asyncio  # noqa: E402

from workbook import postgres  # noqa: E402
from workbook.authoring import sandbox  # noqa: E402
from workbook.base.urls import for_sqlalchemy  # noqa: E402
from workbook.checks import pytesting  # noqa: E402
from workbook.forkserver import preload  # noqa: E402
from workbook.postgres import databases  # noqa: E402
from workbook.proof import mutate  # noqa: E402

APP = ROOT / "app_reference"
REASONS = Path(__file__).with_suffix(".txt")
SEED, COUNT, WANTED, AT_ONCE, SECONDS = 20261129, 100, 0.95, 3, 120.0
OPERATORS = ("NumberReplacer", "ReplaceComparisonOperator", "AddNot", "ReplaceTrue", "ReplaceFalse")
OPERATORS += ("ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceUnary", "ExceptionReplacer")


@dataclass(frozen=True)
class Mutant:
    """A file of the app, as it is not meant to be."""

    path: str
    change: str
    """`app/rules.py: what stood there → what stands there now`."""
    text: str


def mutants() -> list[Mutant]:
    """All of them, each text once."""
    found = {}
    for path in sorted((APP / "app").rglob("*.py")):
        source = path.read_text("utf-8")
        name = path.relative_to(APP).as_posix()
        for text in (*_by_taking_away(source), *_by_putting_in(source)):
            found[name, ast.unparse(ast.parse(text))] = text
    return [Mutant(path, _described(path, new), text) for (path, new), text in found.items()]


def _by_taking_away(source: str) -> Iterator[str]:
    for _, text in mutate.mutants(source):
        yield text


def _by_putting_in(source: str) -> Iterator[str]:
    try:
        from cosmic_ray import plugins
        from cosmic_ray.ast import ast_nodes, get_ast
        from cosmic_ray.mutating import mutate_code
    except ModuleNotFoundError:
        return
    nodes = list(ast_nodes(get_ast(source)))
    for name in plugins.operator_names():
        if name.partition("/")[2].startswith(OPERATORS):
            operator = plugins.get_operator(name)()
            count = sum(1 for node in nodes for _ in operator.mutation_positions(node))
            for occurrence in range(count):
                try:
                    text = mutate_code(source, operator, occurrence)
                except AttributeError:  # a dotted name behind `except`, which cosmic-ray cannot do
                    continue
                if text is not None and _is_python(text):
                    yield text


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _described(path: str, new: str) -> str:
    """What differs, line by line; the texts are those of `ast.unparse`, so quotes do not count."""
    lines = list(difflib.unified_diff(_as_it_is(path), new.splitlines(), n=0, lineterm=""))[3:]
    before, after = (
        " ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+"
    )
    return f"{path}: {before} → {after}"


@cache
def _as_it_is(path: str) -> list[str]:
    return ast.unparse(ast.parse((APP / path).read_text("utf-8"))).splitlines()


def chosen(arguments: list[str]) -> list[Mutant]:
    """The sample that is asked for; the same one as long as the app is the same."""
    reasons = REASONS.read_text("utf-8").splitlines()
    everything = [each for each in mutants() if each.change not in reasons]
    if arguments[:1] == ["all"]:
        return [each for each in everything if " ".join(arguments[1:]) in each.change]
    return sorted(everything, key=_lot)[: int((arguments or [str(COUNT)])[0])]


def _lot(mutant: Mutant) -> bytes:
    """Its place in the sample: one that is new to the app moves no other one."""
    return hashlib.sha256(f"{SEED} {mutant.change}".encode()).digest()


def survivors(sample: list[Mutant], server: postgres.Server) -> Iterator[Mutant]:
    """Those that no test notices, as they are found."""
    waiting, running = list(enumerate(sample)), {}
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                number, mutant = waiting.pop()
                running[_begin(Path(folder, str(number)), mutant, server, number)] = mutant
            time.sleep(0.05)
            for child in [each for each in running if _over(each)]:
                mutant = running.pop(child)
                if child[0].exitcode == 0:
                    yield mutant
                shutil.rmtree(child[2])


Child = tuple[object, float, Path]


def _begin(folder: Path, mutant: Mutant, server: postgres.Server, number: int) -> Child:
    shutil.copytree(APP, folder, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    (folder / mutant.path).write_text(mutant.text, "utf-8")
    database = f"mutant_{number % (2 * AT_ONCE)}_test"
    asyncio.run(databases.recreate(server, database))
    url = for_sqlalchemy(server.url(database))
    tests = _tests(Path(mutant.path).stem)
    child = get_context("fork").Process(target=_run, args=(str(folder), url, tests))
    child.start()
    return child, time.monotonic() + SECONDS, folder


@cache
def _tests(word: str) -> list[str]:
    """All files of tests, and first those in which this word stands: they notice most of it."""
    texts = {path: path.read_text("utf-8") for path in sorted(APP.glob("tests/test_*.py"))}
    ordered = sorted(texts, key=lambda path: word not in path.stem + texts[path])
    return [path.relative_to(APP).as_posix() for path in ordered]


def _over(child: Child) -> bool:
    """Whether it has ended; one that takes too long is ended."""
    process, until, _ = child
    if process.is_alive() and time.monotonic() > until:
        os.killpg(process.pid, signal.SIGKILL)
    process.join(0)
    return not process.is_alive()


def _run(folder: str, url: str, tests: list[str]) -> None:
    """Exit with 0 where tests have run, and all of them have passed."""
    os.setpgid(0, 0)
    found = pytesting.run(
        folder, ["-x", *tests], {"TEST_DATABASE_URL": url, "WORKBOOK_DOCKER": "off"}
    )
    os._exit(not found or any(each["result"] != "passed" for each in found))


def main(arguments: list[str]) -> int:
    """Print who survives, and how many were noticed."""
    sample = chosen(arguments)
    as_it_is = Mutant("app/rules.py", "the app as it is", (APP / "app/rules.py").read_text("utf-8"))
    left = []
    with sandbox.server():
        server = postgres.attach()
        preload.load(preload.modules("10"))
        for mutant in survivors([*sample, as_it_is], server):
            left.append(mutant)
            print(f"survives: {mutant.change}", flush=True)
        if as_it_is not in left:  # a busy machine: once more, with nothing beside it
            left += survivors([as_it_is], server)
    if as_it_is not in left:
        print("The tests fail on the app as it is, so they say nothing of any change.")
        return 2
    noticed = len(sample) - len(left) + 1
    print(f"{noticed} of {len(sample)} mutants were noticed")
    return 0 if noticed >= WANTED * len(sample) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
