"""One check, in this process: load the answer, ask the checker, turn the outcome into a result."""

import asyncio
import contextlib
import importlib
import json
import os
import sys
import warnings

import asyncpg

from workbook.base import settings
from workbook.base.urls import for_sqlalchemy
from workbook.checks import busy, crashes, pytesting, python_warns, registry, unawaited
from workbook.checks.answer import Answer
from workbook.checks.places import label_of
from workbook.checks.request import CheckRequest, Request, TestRequest, from_json
from workbook.checks.result import Result, broken, not_yet, right, too_slow, with_facts
from workbook.checks.time_limit import TooSlow, in_time, stopped_when_it_blocks
from workbook.checks.unexpected import ended_itself, explain, meaning
from workbook.checks.verdict import OF_THE_APP, YOURS, CannotJudge, NotYet


def run(request: Request) -> Result:
    """Run one check to its end and say how it went; never raises."""
    if isinstance(request, TestRequest):
        return _run_tests(request)
    sys.path.insert(0, request.workspace)
    os.chdir(request.workspace)
    os.environ["DATABASE_URL"] = for_sqlalchemy(request.url)
    with stopped_when_it_blocks(request.seconds - 0.5, request.workspace) as stopped:
        try:
            result = asyncio.run(_run(request))
        except BaseException as error:
            result = _failed(error, request)
    return _failed(stopped[0], request) if stopped else result


def main(request: str) -> None:
    """Run what this JSON asks for, and write the result as JSON to descriptor 3; never returns."""
    sys.dont_write_bytecode = True  # two versions of a file within a second may pass for one
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    data = json.dumps(run(from_json(request))).encode()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    with os.fdopen(3, "wb") as result:
        result.write(data)
    os._exit(0)


def _run_tests(request: TestRequest) -> Result:
    url = for_sqlalchemy(request.url)
    given = {"TEST_DATABASE_URL": url} if url else {}
    if image := settings.read().pg_image:
        given["TEST_POSTGRES_IMAGE"] = image
    found = pytesting.run(request.workspace, request.arguments, given)
    return {"outcome": "ran", "lines": {}, "tests": found}


async def _run(request: CheckRequest) -> Result:
    checker = registry.checker(request.exercise)
    os.environ.update(checker.environment)
    observer = await _let_in(request.observer_url)
    unawaited.remember_origins()
    try:
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            given = (request.url, request.module, request.names, request.observer_url)
            answer = Answer(*given, observer, complaints, request.workspace)
            result = await _outcome(request, checker, answer)
            return _with_what_python_saw(result, answer, request.number)
    finally:
        observer.terminate()


async def _let_in(url: str) -> "asyncpg.Connection":
    try:
        return await asyncpg.connect(url, timeout=5)
    except TimeoutError:
        raise CannotJudge(f"PostgreSQL has let nobody in for 5 seconds. {busy.AGAIN}") from None


async def _outcome(request: CheckRequest, checker: registry.Checker, answer: Answer) -> Result:
    """What comes of the check; an error has let go of what its frames held."""
    try:
        if request.module and checker.imports:
            _import(request.module)
        async with in_time(request.seconds - 1, request.workspace):
            return right(await checker.check(answer))
    except BaseException as error:
        result = _failed(error, request)
        unawaited.let_go(error)
        return result


def _failed(error: BaseException, request: CheckRequest) -> Result:
    if isinstance(error, NotYet):
        return not_yet(error)
    if isinstance(error, CannotJudge):
        return broken({"Sorry": str(error)})
    if isinstance(error, TooSlow):
        share, label = busy.share_of(os.getpid()), label_of(error.where, request.module)
        return too_slow(request.seconds, share, error.where, error.ran, label)
    return explain(error, request.workspace, request.number, request.module)


def _with_what_python_saw(result: Result, answer: Answer, number: str) -> Result:
    """The result, with the calls that nobody awaited, and what an app raised behind a 500."""
    seen = {unawaited.LABEL: answer.never_awaited()}
    lines = result["lines"]
    if result["outcome"] == "not yet":
        seen[crashes.LABEL] = crashes.raised(answer.workspace)
        if "503" in lines.get("What happened", ""):
            seen[crashes.NOTED] = crashes.noted()
        if (error := crashes.error()) and not {"Ask yourself", "What it means"} & lines.keys():
            lines = lines | meaning(error, number, seen[crashes.LABEL])
        if warned := python_warns.of_syntax(answer.complaints, answer.workspace):
            seen[python_warns.LABEL] = warned
        if python_warns.is_the_mistake(warned):
            lines = {label: text for label, text in lines.items() if label != "Ask yourself"}
        lines = unawaited.before_the_dictionary(lines, seen[unawaited.LABEL])
        has_line = bool({YOURS, OF_THE_APP} & lines.keys())
        asks_already = has_line or "await" in lines.get("Ask yourself", "")
        if seen[unawaited.LABEL] and not asks_already:
            lines = lines | {"Ask yourself": unawaited.ASK}
    return result | {"lines": with_facts(lines, seen)}


def _import(module: str) -> None:
    try:
        importlib.import_module(module)
    except SystemExit as error:
        raise ended_itself(error) from error
