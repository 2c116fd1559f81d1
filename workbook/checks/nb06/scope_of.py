"""Why a dependency ends after the answer, read from its `Annotated`."""

from typing import Any, get_args

from fastapi import params

SCOPES = ("function", "request")


def scope_of(kind: Any) -> tuple[str, str]:
    """What makes a session of this kind end after the answer, and the question for it."""
    beside = [each for each in get_args(kind)[1:] if not isinstance(each, params.Depends)]
    depends = next(each for each in get_args(kind)[1:] if isinstance(each, params.Depends))
    if depends.scope is None and beside:
        said = f"{beside[0]!r} stands beside Depends(…), where FastAPI does not look for a scope"
        return said, "between which brackets does an argument of `Depends` stand?"
    if isinstance(depends.use_cache, str):
        said = f"{depends.use_cache!r} is the second argument of Depends, which is use_cache"
        return said, "by which name does `Depends` take a scope?"
    if depends.scope not in (None, *SCOPES):
        said = f"FastAPI knows no scope {depends.scope!r}: it ends with the request"
        return said, "which two words can a scope be?"
    said = "what lend_app does after its `yield` has still to come, whatever it is"
    return said, "when does a dependency of this scope end: with the function, or with the request?"
