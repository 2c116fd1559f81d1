"""What lies behind an answer that is no success: the error that crashed, or that was caught."""

import httpx
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import ResponseValidationError

from workbook.checks.answer import show
from workbook.checks.messages import innermost, message
from workbook.checks.places import learners_line


class Behind:
    """The error of the last request: one that nobody caught, or the one that a refusal came of."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def app(self) -> FastAPI:
        """An app that keeps such errors here; a crash has the name of its error as the body."""
        return FastAPI(exception_handlers={Exception: self._crash, HTTPException: self._refusal})

    async def _crash(self, _: Request, error: Exception) -> Response:
        self.error = error
        return Response(type(error).__name__, 500)

    async def _refusal(self, request: Request, error: HTTPException) -> Response:
        self.error = error.__cause__ or error.__context__
        return await http_exception_handler(request, error)

    def told(self, workspace: str) -> str:
        """The error, with the learner's line, as the rest of a sentence."""
        if self.error is None:
            return ""
        error = innermost(self.error)
        if isinstance(error, ResponseValidationError):
            return f": it returned {show(error.body, 120)}, which is not what it promises"
        where = learners_line(error, workspace)
        return f", because of {message(error)}" + (f" ({where})" if where else "")


def status_or_crash(got: httpx.Response) -> int | str:
    """The status; of a crash a text, which names the kind of its error too."""
    return f"500, {got.text}" if got.status_code == 500 else got.status_code
