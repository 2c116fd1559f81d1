"""pytest on an app, in this process: what came of each test, as data."""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr
from dataclasses import asdict, dataclass, field
from io import StringIO
from multiprocessing import get_context
from typing import Any

from workbook.base import no_proxy
from workbook.checks.answer import plain
from workbook.checks.pytest_errors import lines_of
from workbook.checks.unawaited import never_awaited
from workbook.myapp.modules import forget

PLUGINS = ["-p", "anyio.pytest_plugin", "-p", "no:cacheprovider"]
"""What the app's tests need, and no other plugin that happens to be installed."""
QUICK = ["-p", "no:unraisableexception", "--tb=line"]
"""What takes as long as the tests, and is not kept: five full collections of garbage in a warm
process, and the source of every frame of an error."""
CONFTEST = re.compile(r"while loading conftest '(?:[^']*/tests/)?([^']+)'")
"""What pytest writes where it cannot import a file of fixtures; the first group is its name."""
REFUSED = re.compile(r"(?:^ERROR|: error): (?!usage)(.+)", re.MULTILINE)
"""What pytest writes where it runs nothing; the first group says why."""
REPR = re.compile(r"<.*>")
"""What differs from run to run: addresses, and the numbers of tasks."""

WRAPPED = re.compile(r"\(sqlalchemy\.dialects\.\S+\) (?:<class '\S+'>: )?")
"""What SQLAlchemy writes before the driver's own message."""
SHOWN = 90
"""How many characters of an error are kept."""


@dataclass
class Outcome:
    """One test, or one module that could not be collected."""

    test: str
    """`test_users.py::test_the_name`, from the folder of the tests."""
    result: str
    """`passed`, `failed`, `skipped`, or `error` where a fixture or the collection broke."""
    why: str = ""
    """The last error, on one line, and a call that was never awaited."""
    lines: dict[str, str] = field(default_factory=dict)
    """The learner's line that the error came through, and what it means, by label."""


class _Keeper:
    """A plugin of pytest that keeps what the reports say."""

    def __init__(self, folder: str, number: str) -> None:
        self.found: dict[str, Outcome] = {}
        self._folder, self._number = folder, number
        self._never_awaited: dict[str, str] = {}
        self._errors: dict[str, dict[str, str]] = {}

    def outcomes(self) -> list[Outcome]:
        """What came of each test, and which call it has not awaited."""
        for name, said in self._never_awaited.items():
            test = self.found.get(name)
            if test is not None:
                test.why = "; ".join(filter(None, (test.why, said)))
        for name, lines in self._errors.items():
            if name in self.found:
                self.found[name].lines = lines
        return list(self.found.values())

    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        """Keep what Python says of a coroutine that nobody awaits; it comes after the reports."""
        for said in never_awaited([warning_message]):
            self._never_awaited[_short(nodeid)] = said

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Keep what is to be said of the first error of a test or of its fixtures."""
        if call.excinfo is not None and self._number:
            error = call.excinfo.value
            self._errors.setdefault(
                _short(item.nodeid), lines_of(error, self._folder, self._number)
            )

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep one phase of one test: its body counts, its fixtures only where they break."""
        result = "error" if report.failed and report.when != "call" else report.outcome
        if report.when == "call" or result != "passed":
            self._keep(report, result)

    def pytest_collectreport(self, report: Any) -> None:
        """Keep a module that could not be imported."""
        if report.failed:
            self._keep(report, "error")

    def _keep(self, report: Any, result: str) -> None:
        name = _short(report.nodeid)
        before = self.found.get(name)
        if before is None or before.result == "passed":
            self.found[name] = Outcome(name, result, _why(report) if report.failed else "")


def _short(nodeid: str) -> str:
    return nodeid.removeprefix("tests/")


def _why(report: Any) -> str:
    """The error in one line, without what differs from run to run."""
    found = report.longrepr
    crash = getattr(found, "reprcrash", None)
    said = crash.message if crash else getattr(found, "errorstring", "") or _last_line(found)
    line = next((line for line in said.splitlines() if line.strip()), "")
    line = plain(REPR.sub("<…>", WRAPPED.sub("", line).removeprefix("E   ").strip()))
    line = f"AssertionError: {line}" if line.startswith("assert ") else line
    return line if len(line) <= SHOWN else _shortened(line)


def _shortened(line: str) -> str:
    """The beginning; of a name that is not there, the end too: it says which name."""
    for words in (" has no attribute ", " got an unexpected keyword argument "):
        before, lacks, name = line.rpartition(words)
        if lacks:
            return f"{before[:SHOWN]}{'…' if len(before) > SHOWN else ''}{lacks}{name}"
    return f"{line[:SHOWN]}…"


def _last_line(found: object) -> str:
    return next(reversed(str(found).splitlines()), "")


def run(
    folder: str, arguments: Sequence[str], environment: dict[str, str], number: str = ""
) -> list[dict[str, Any]]:
    """Run pytest in this folder, and in this process, which is of no use for anything else after.

    The paths among the arguments are relative to the folder. With the number of a notebook, its
    errors come with the learner's line and what they mean.
    """
    import pytest

    forget("app")
    forget("tests")
    os.chdir(folder)
    os.environ.update(environment, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    no_proxy.forget_proxies(os.environ)
    sys.dont_write_bytecode = True
    for stream in (1, 2):  # what pytest prints is for a terminal
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    keeper = _Keeper(folder, number)
    with redirect_stderr(StringIO()) as said:
        pytest.main([*PLUGINS, *QUICK, "--rootdir", folder, *arguments], plugins=[keeper])
    found = [*_broken_conftest(said.getvalue()), *keeper.outcomes()]
    if not found and not number:  # a check has words of its own for it
        found = _refused(said.getvalue().replace(f"{folder}{os.sep}", ""))
    return [asdict(each) for each in found]


def _refused(said: str) -> list[Outcome]:
    """What pytest says on its standard error of an option or a path that it does not know."""
    reason = REFUSED.search(said)
    return [Outcome("pytest", "error", plain(reason[1]))] if reason else []


def _broken_conftest(said: str) -> list[Outcome]:
    """What pytest says on its standard error of a conftest.py that cannot be imported.

    It ends then before its first report, so no plugin of it hears of the error.
    """
    name = CONFTEST.search(said)
    if name is None:
        return []
    errors = [line[1:].strip() for line in said.splitlines() if line.startswith("E ")]
    return [Outcome(name[1], "error", plain(errors[-1] if errors else "")[:SHOWN])]


async def apart(
    folder: str, arguments: Sequence[str], environment: dict[str, str], number: str = ""
) -> list[Outcome]:
    """Run pytest in a fork of this process, so that several runs do not meet."""
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(pool, run, folder, arguments, environment, number)
    return [Outcome(**each) for each in found]
