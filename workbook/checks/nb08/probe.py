"""Tests of ours that use the learner's fixtures, and what their outcomes say about these."""

import re
from pathlib import Path

from workbook.base.urls import for_sqlalchemy
from workbook.checks import pytesting, unawaited
from workbook.checks.answer import Answer
from workbook.checks.pytesting import Outcome
from workbook.checks.verdict import NotYet

PROBE = "tests/test_probe.py"
BROKEN = ("no error", "")
"""What was wanted where a fixture raised an error: the message has to say what is wrong."""
MISUSE = ("TypeError", "AttributeError", "NameError", "ImportError", "ValueError", "RuntimeError")
"""How an error begins that is about a call, and not about what was to be seen."""
_WHICH_FIXTURE = (
    "which line above a function makes a fixture of it, and by which name does a test ask for it?"
)
Asks = dict[str, tuple[str, str]]
"""For the name of a test: what was wanted, and the question to ask, where it does not pass."""


async def run_probe(answer: Answer, probe: str) -> list[Outcome]:
    """Run these tests on the learner's fixtures, in a schema with nothing in it."""
    Path(PROBE).write_text(probe, "utf-8")
    return await run_tests(answer, PROBE)


async def run_tests(answer: Answer, *tests: str, number: str = "08") -> list[Outcome]:
    """Run these modules or tests with pytest, on this check's database with nothing in it.

    What an error means is told as in this notebook.
    """
    await answer.clear()
    given = {"TEST_DATABASE_URL": for_sqlalchemy(answer.url)}
    return await pytesting.apart(str(Path.cwd()), tests, given, number)


def all_pass(what: str, found: list[Outcome], asks: Asks, said: Asks | None = None) -> None:
    """NotYet for the first test that did not pass, with what was wanted and the question.

    `said` has the same for what an error says, which comes before what is asked of the test.
    """
    for each in found:
        name = each.test.rpartition("::")[2]
        broken = each.result == "error" or each.why.startswith(MISUSE)
        wanted, ask = BROKEN if broken else asks.get(name, BROKEN)
        wanted, ask = _for_what_is_said(each.why, said or {}) or (wanted, ask)
        if each.result != "passed":
            called, got = f"{what}: {_words(name)}", each.why or each.result
            problem = NotYet.looked_at(called, got=got, wanted=wanted, ask=ask)
            raise problem if ask else with_its_line(problem, each)
    for each in found:
        if "never awaited" in each.why:
            raise NotYet.looked_at(
                f"{what}: {_words(each.test.rpartition('::')[2])}",
                got=each.why,
                wanted="calls that are awaited",
                ask=unawaited.ASK,
            )
    if len(found) < max(1, len(asks)):
        raise NotYet.looked_at(
            what,
            got="pytest could not run the tests",
            wanted="tests that run",
            ask="is it a fixture?",
        )


def with_its_line(found: NotYet, outcome: Outcome) -> NotYet:
    """The same, with the learner's line that the error came through.

    Where nothing is asked, what the error means comes too.
    """
    (label, called), *rest = found.lines.items()
    line = {key: text for key, text in outcome.lines.items() if key == "You wrote"}
    meant = {} if "Ask yourself" in found.lines else outcome.lines
    found.lines = {label: called} | line | dict(rest) | meant
    return found


def _for_what_is_said(why: str, said: Asks) -> tuple[str, str] | None:
    if missing := re.match(r"fixture '(\w+)' not found", why):
        return f"a fixture of the name `{missing[1]}`", _WHICH_FIXTURE
    return next((said[part] for part in said if part in why), None)


def _words(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")
