"""08.database: the server that was named, or one container for the whole run."""

import os
import re
from pathlib import Path

from sqlalchemy import make_url

from workbook.checks import pytesting
from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb08.fake_containers import (
    ENGINE_DOWN_MARKER,
    EVERYWHERE,
    NO_IMAGE_MARKER,
    URL_FILE,
    fake_containers,
    lines_of,
)
from workbook.checks.nb08.probe import PROBE, all_pass
from workbook.checks.nb08.same_url import expect_same
from workbook.checks.pytesting import Outcome
from workbook.checks.verdict import NotYet, Reason

TESTS = """
from pathlib import Path


def test_the_url(database_url):
    with Path("seen").open("a") as seen:
        seen.write(f"{database_url}\\n")


def test_that_asks_for_nothing():
    pass
"""
ANOTHER = "tests/test_of_another_module.py"
NAMED = "postgresql+asyncpg://somebody:s3cret@named:5432/tests?ssl=disable"


SAID = {
    "'PostgresContainer' object has no attribute": (
        "a URL",
        "which method of the container gives its URL?",
    ),
    "KeyError: 'TEST_DATABASE_URL'": (
        "the URL of a container",
        "who starts a server where nobody has named one?",
    ),
    "has more than one 'yield'": (
        "one `yield` that is reached in a run",
        "which line runs after the first `yield`, when the run ends?",
    ),
    "did not yield a value": (
        "a URL in each case",
        "what does `return` give in a function that has a `yield`?",
    ),
    "requested an async fixture": ("a fixture that a plain test can ask for too", ""),
}


_WHICH_FIRST = (
    "which argument of `get` names the variable, and which stands in where it is not set?"
)
_BY_HAND = Reason(
    "A fixture of the scope `session` runs once, up to its `yield`, and goes on after the last"
    " test, also when a test has failed. Your `stop` ends the server then; the reference leaves"
    " that to a `with` around the `yield`."
)


async def check(answer: Answer) -> Reason | None:
    """The named database and no container; else one container, for asyncpg, that ends."""
    with fake_containers() as log:
        both = {"TEST_DATABASE_URL": NAMED, "TEST_POSTGRES_IMAGE": "postgres:16-alpine"}
        found = await _run_both_modules(log, both)
        all_pass("database_url, with TEST_DATABASE_URL", found, {}, SAID)
        ask = "whose database is to be used, where `TEST_DATABASE_URL` names one?"
        seen = lines_of("seen")
        expect_state("database_url, with TEST_DATABASE_URL", seen, [NAMED] * 2, ask)
        ask = "who needs a container where a server is named?"
        expect_state("the containers, with TEST_DATABASE_URL", lines_of(log), [], ask)
        started = [await _one_container(log, image) for image in ("", "postgres:16-alpine")]
        await _no_container(log, ENGINE_DOWN_MARKER, "no Docker")
        await _no_container(log, NO_IMAGE_MARKER, "an image that is not there")
        _is_for_this_machine(started[0])
        await _password_is_new(log)
    return _BY_HAND if "stop" in answer.called() else None


async def _run_both_modules(log: Path, environment: dict[str, str]) -> list[Outcome]:
    """Run the probe, as two modules, in this environment."""
    os.environ.pop("TEST_DATABASE_URL", None)
    for path in (log, Path("seen")):
        path.unlink(missing_ok=True)
    for module in (PROBE, ANOTHER):
        Path(module).write_text(TESTS, "utf-8")
    return await pytesting.apart(str(Path.cwd()), [PROBE, ANOTHER], environment, "08")


def _is_for_tests(what: str, name: str) -> None:
    """The given `engine` ends the run where its database may be somebody's."""
    if not {"test", "tests"} & {*name.split("_")}:
        raise NotYet.looked_at(
            f"{what}: the name of the database",
            got=repr(name),
            wanted="one with the word test",
            ask="which names of databases does `engine` take?",
        )


def _is_for_this_machine(started: str) -> None:
    """The port of a database for tests is no other machine's business."""
    if started.endswith(EVERYWHERE):
        text = Path("tests/conftest.py").read_text("utf-8")
        set_too_late = re.search(r"\.ports\[.*127\.", text)
        raise NotYet.looked_at(
            "database_url, with nothing set: the port of the container",
            got="it is open on every address of this machine",
            wanted="open at 127.0.0.1 only",
            ask="when does Docker hear of `ports`: as the container starts, or later?"
            if set_too_late
            else "who else is in the network of this machine, and which address do they not reach?",
        )


async def _password_is_new(log: Path) -> None:
    """A password that stands somewhere is the same in the next run."""
    called = "database_url, with nothing set, run again"
    [before] = lines_of(log.with_name(URL_FILE))
    all_pass(called, await _run_both_modules(log, {}), {}, SAID)
    [after] = lines_of(log.with_name(URL_FILE))
    if (password := make_url(after).password) == make_url(before).password:
        raise NotYet.looked_at(
            f"{called}: the password of the container",
            got=f"{password!r} once more",
            wanted="one that nobody can guess",
            ask="which module of Python makes secrets?",
        )


async def _one_container(log: Path, image: str) -> str:
    """One container for the run, that ends with it; how it was started."""
    what = f"database_url, with {'TEST_POSTGRES_IMAGE' if image else 'nothing'} set"
    environment = {"TEST_POSTGRES_IMAGE": image} if image else {}
    all_pass(what, await _run_both_modules(log, environment), {}, SAID)
    events = lines_of(log)
    begun = [each for each in events if each.startswith("start")]
    started = [each.removesuffix(f", {EVERYWHERE}") for each in begun]
    if not started:
        raise NotYet.looked_at(
            what,
            got=f"no container started, and the URL is {lines_of('seen')[0]}",
            wanted="the URL of a container that was started for this run",
            ask="whose server is that, and who has started it?",
        )
    expect_state(f"{what}: how many containers start", len(started), 1, "how often does it run?")
    ask = "who stops what you started, and when?"
    _expect_as_said(f"{what}: what happens to it", events[-1], "stop, after 2 tests", ask)
    [url] = lines_of(log.with_name(URL_FILE))
    for seen in lines_of("seen"):
        expect_same(f"{what}: the URL that a test sees", seen, url)
    _is_for_tests(what, make_url(url).database or "")
    other = started[0].partition(", ")[2] or "nothing"
    ask = "what if two runs begin at the same moment?"
    _expect_as_said(f"{what}: what else it is given", other, "nothing", ask)
    if image:
        expect_state(f"{what}: the image", started, [f"start {image}"], "who chooses the version?")
    elif not re.fullmatch(r"start postgres:(?!latest)\S+", started[0]):
        swapped = "TEST_POSTGRES_IMAGE" in started[0]
        ask = _WHICH_FIRST if swapped else "which version will that be in a year?"
        raise NotYet.looked_at(
            f"{what}: the image", got=started[0], wanted="a version of Postgres", ask=ask
        )
    return begun[0]


async def _no_container(log: Path, marker: str, cause: str) -> None:
    """Who needs a container is told that there is none, and nobody else notices."""
    Path(marker).touch()
    found = {
        each.test.rpartition("::")[2]: each.result for each in await _run_both_modules(log, {})
    }
    Path(marker).unlink()
    asks = {
        "passed": "which database did this test fill instead?",
        "skipped": "what does a green run say in which these tests were skipped?",
        "not run": "who ends the whole run, and what does its exit code say?",
    }
    for name, called, wanted in (
        ("test_the_url", "a test of database_url", "error"),
        ("test_that_asks_for_nothing", "a test that asks for nothing", "passed"),
    ):
        got = found.get(name, "not run")
        ask = asks.get(got, "who started a container for a test that asks for none?")
        _expect_as_said(f"{called}, with nothing set and {cause}", got, wanted, ask)


def _expect_as_said(called: str, got: str, wanted: str, ask: str) -> None:
    """As `expect`, where words of ours stand for what happened."""
    if got != wanted:
        raise NotYet.looked_at(called, got=got, wanted=wanted, ask=ask)
