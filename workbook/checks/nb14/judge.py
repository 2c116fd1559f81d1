"""The three parts of every drill's check, in their order."""

import ast
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from alembic import command

from workbook.base.urls import for_sqlalchemy
from workbook.checks import pytesting
from workbook.checks.alembic_commands import run_command, runs
from workbook.checks.answer import Answer
from workbook.checks.app_client import client_of
from workbook.checks.busy import AGAIN
from workbook.checks.connections import app_engine
from workbook.checks.nb08.probe import MISUSE
from workbook.checks.nb14.folders import Folders, prepare
from workbook.checks.pytesting import Outcome
from workbook.checks.verdict import CannotJudge, NotYet, Reason
from workbook.drills import copies
from workbook.drills.drill import Drill
from workbook.drills.scene import Scene, TooBusyError

ENVIRONMENT = {"TOKEN_KEY": "a key of a check, which signs nothing that matters"}
"""What the app wants beside its database."""
LIMIT = """
SELECT format('ALTER DATABASE %I SET lock_timeout = %L', current_database(), '6s')
"""
"""For the tests, whose connections have no limits of the app's: none waits for ever."""
ANSWERS = "what does the app answer here, and what do you want?"
NEVER_AWAITED = "which of the requests that your test begins does it never await?"
UNSEEN = "after what your test sends, what is wrong in that app, and which line of it looks there?"
"""It may do too little, or look at what is right on both apps."""
Probe = Callable[[Scene], Awaitable[Reason | None]]


async def judge(
    answer: Answer, drill: Drill, probe: Probe, alone: Probe | None = None
) -> Reason | None:
    """NotYet where the fault is still there, something else broke, or the test is missing.

    `alone` looks at one request after the other, where those of the probe do not meet: the
    machine has too much to do, or the mend keeps them apart, which it can in one process only.
    """
    folders = prepare(answer, drill)
    with runs(answer, "`alembic upgrade head` on the mended app"):
        await run_command(command.upgrade, "head")
    async with app_engine(), _scene(answer) as scene:
        try:
            reason = await _probed(scene, probe, alone)
        except httpx.HTTPStatusError as error:
            raise _refused(error.response) from None
        except TooBusyError:
            raise CannotJudge(f"The requests of this check did not meet. {AGAIN}") from None
    await _the_tests_tell(answer, drill, folders)
    return reason


async def _probed(scene: Scene, probe: Probe, alone: Probe | None) -> Reason | None:
    try:
        return await probe(scene)
    except TooBusyError:
        if alone is not None:
            await alone(scene)
        raise


def _refused(answer: httpx.Response) -> NotYet:
    """A request of the probe's own preparation, which every good app serves."""
    asked = f"{answer.request.method} {answer.request.url.path}"
    return NotYet.looked_at(
        f"{asked}, which came before what the clients complain of",
        got=f"the answer was {answer.status_code}",
        wanted="an answer that is no error",
        ask="what else did this place do before you changed it?",
    )


@asynccontextmanager
async def _scene(answer: Answer) -> AsyncIterator[Scene]:
    """The mended app in this process, and clients of every team."""
    from app import auth
    from app.main import app

    clients: dict[int, httpx.AsyncClient] = {}

    def client(team: int) -> httpx.AsyncClient:
        if team not in clients:
            token = auth.issue(auth.Asker(Scene.user_of(team), team))
            clients[team] = client_of(app)
            clients[team].headers["authorization"] = f"Bearer {token}"
        return clients[team]

    scene = Scene(client, answer.observer_url)
    try:
        yield scene
    finally:
        await scene.close()


async def _run(answer: Answer, folder: Path, *tests: str) -> list[Outcome]:
    """What came of these tests of an app, in a schema with nothing in it."""
    await answer.clear()
    given = {"TEST_DATABASE_URL": for_sqlalchemy(answer.url)}
    return await pytesting.apart(str(folder), tests, given)


async def _the_tests_tell(answer: Answer, drill: Drill, folders: Folders) -> None:
    """NotYet where the app's tests do not pass, or the learner's tells no good app from a bad."""
    await answer.observer.execute(await answer.observer.fetchval(LIMIT))
    test = f"tests/test_{drill.name}.py"
    own = [test] if (folders.mended / test).exists() else []
    found = await _run(answer, folders.mended, *drill.tests, *own)
    _nothing_else_broke([each for each in found if not _is_of(each, test)])
    of_it = [each for each in found if _is_of(each, test)]
    if any(each.result != "passed" for each in of_it):
        _demands_something(folders, test, "it does not pass on the mended app")
    _passes(f"{test}, on the mended app", of_it, ANSWERS)
    what = f"{test}, on the app as it was before that night"
    if folders.differ():
        _passes(what, await _run(answer, folders.before, test), "is it about how you mended it?")
    again = test.replace(".py", "_again.py")
    copies.write(folders.night, {again: (folders.mended / test).read_text("utf-8")})
    found = await _run(answer, folders.night, test, again)
    both = [[each for each in found if _is_of(each, name)] for name in (test, again)]
    if all(each.result == "passed" for each in found):
        _demands_something(folders, test, "it passes on the app of that night too")
    _fails(f"{test}, on the app as it was that night", *both)


def _is_of(outcome: Outcome, test: str) -> bool:
    return f"tests/{outcome.test}".partition("::")[0] == test


def _nothing_else_broke(found: list[Outcome]) -> None:
    """NotYet for the first of the app's own tests that the mended app does not pass."""
    for each in found:
        if each.result not in ("passed", "skipped"):
            raise NotYet.looked_at(
                f"the mended app, by its own test {each.test}",
                got=each.why or each.result,
                wanted="a test that passes, as it did before",
                ask="what else did this place do before you changed it?",
            )


def _demands_something(folders: Folders, test: str, found: str) -> None:
    """NotYet for an unfinished one: what it has sent, and never awaited, fails behind its end."""
    text = (folders.mended / test).read_text("utf-8")
    if not any(isinstance(each, ast.Assert) for each in ast.walk(ast.parse(text))):
        raise NotYet.looked_at(
            test,
            got=f"{found}, and no `assert` stands in it",
            wanted="a test that says what the clients are to get",
            ask="what shall each of them get?",
        )


def _passes(what: str, found: list[Outcome], ask: str) -> None:
    bad = next((each for each in found if each.result != "passed"), None)
    if not found:
        raise NotYet.looked_at(what, got="pytest found no test there", wanted="a test that passes")
    if bad is not None:
        got = f"{bad.test.rpartition('::')[2]}: {bad.why or bad.result}"
        broken = bad.result == "error" or bad.why.startswith(MISUSE)
        ask = "" if broken else ask
        ask = NEVER_AWAITED if _failed_unheard(bad) else ask
        raise NotYet.looked_at(what, got=got, wanted="a test that passes", ask=ask)


def _failed_unheard(bad: Outcome) -> bool:
    """Whether a request that nobody awaits failed when the test was over: no line waited for it.

    AnyIO says so of several; of one it raises what the client raised.
    """
    one = bad.why.startswith("httpx.") and "You wrote" not in bad.lines
    return one or "asynchronous callbacks" in bad.why


def _fails(what: str, *runs: list[Outcome]) -> None:
    """NotYet where it passes there, or where it is luck: a test that is run twice fails twice."""
    failed = [any(each.result == "failed" for each in found) for found in runs]
    if not any(failed):
        raise NotYet.looked_at(
            what,
            got="it passed",
            wanted="a test that fails",
            ask=UNSEEN,
        )
    if not all(failed):
        raise NotYet.looked_at(
            f"{what}, run twice",
            got="it failed once, and passed once",
            wanted="a test that fails each time",
            ask="who makes sure that the requests of your test meet?",
        )
