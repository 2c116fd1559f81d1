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
from workbook.checks import pytesting, registry
from workbook.checks.answer import Answer
from workbook.checks.request import CheckRequest, Request, TestRequest, from_json
from workbook.checks.result import Result, ended_itself, explain, not_yet
from workbook.checks.verdict import NotYet


def run(request: Request) -> Result:
    """Run one check to its end and say how it went; never raises."""
    if isinstance(request, TestRequest):
        return _run_tests(request)
    sys.path.insert(0, request.workspace)
    os.chdir(request.workspace)
    os.environ["DATABASE_URL"] = for_sqlalchemy(request.url)
    try:
        asyncio.run(_run(request))
    except NotYet as problem:
        return not_yet(problem)
    except BaseException as error:
        return explain(error, request.workspace, request.seconds)
    return {"outcome": "right", "lines": {}}


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


async def _run(request: CheckRequest) -> None:
    checker = registry.checker(request.exercise)
    os.environ.update(checker.environment)
    observer = await asyncpg.connect(request.observer_url, timeout=5)
    try:
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            given = (request.url, request.module, request.names, request.observer_url)
            answer = Answer(*given, observer, complaints)
            if request.module:
                _import(request.module)
            async with asyncio.timeout(request.seconds - 1):
                await checker.check(answer)
    finally:
        observer.terminate()


def _import(module: str) -> None:
    try:
        importlib.import_module(module)
    except SystemExit as error:
        raise ended_itself(error) from error
