"""Why a dependency ends after the answer, read from its `Annotated`."""

import inspect
from typing import Any, get_args

from fastapi import params

from workbook.checks.answer import show
from workbook.checks.nb06.complaints import WHO_COMMITS
from workbook.checks.verdict import NotYet

SCOPES = ("function", "request")


def asks_for_a_session(kind: Any) -> None:
    """NotYet where an endpoint that has this kind of argument would not be lent anything."""
    ask = "what tells FastAPI whom it is to call for this argument?"
    if isinstance(kind, params.Depends):
        ask = "which word makes one hint of a type and of its `Depends(…)`?"
    if not _dependencies(kind):
        raise NotYet.looked_at(
            "Lent",
            got=show(kind),
            wanted="Annotated[AsyncSession, Depends(…)]",
            ask=ask,
        )


def who_commits(kind: Any) -> str:
    """The question about a row that is missing."""
    called = _dependencies(kind)[0].dependency
    if called is None or inspect.isclass(called):
        return "whom does your `Depends` name: who lends a session, and ends it?"
    if inspect.unwrap(called) is not called:
        return "who makes a context manager of a dependency: this file, or FastAPI?"
    if inspect.isfunction(called) and not inspect.isasyncgenfunction(inspect.unwrap(called)):
        return "what runs after a `return`, and what after a `yield`?"
    return WHO_COMMITS


def _dependencies(kind: Any) -> list[params.Depends]:
    return [each for each in get_args(kind)[1:] if isinstance(each, params.Depends)]


def scope_of(kind: Any) -> tuple[str, str]:
    """What makes a session of this kind end after the answer, and the question for it."""
    depends, *_ = _dependencies(kind)
    beside = [each for each in get_args(kind)[1:] if each is not depends]
    if depends.scope is None and beside:
        said = f"{beside[0]!r} stands beside Depends(…), where FastAPI does not look for a scope"
        return said, "between which brackets does an argument of `Depends` stand?"
    if depends.scope not in (None, *SCOPES):
        said = f"FastAPI knows no scope {depends.scope!r}: it ends with the request"
        return said, "which two words can a scope be?"
    if depends.scope == "function":
        said = "the dependency has ended in function scope: what commits was not waited for"
        return said, "who waits for a commit that a task, or another thread, has to do?"
    said = "what lend_app does after its `yield` has still to come, whatever it is"
    return said, "when does a dependency of this scope end: with the function, or with the request?"
