"""What the room's address serves: one POST, answered by a number and nothing else."""

import hmac
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException as HTTPError

from workbook.room.board.board import Board, NoSeat
from workbook.room.wire.report import LARGEST_BODY, PATH, Report

Credentials = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


def reports_app(board: Board, token: str) -> FastAPI:
    """The app for this board and the token of its code."""

    def knows_the_code(given: Credentials) -> None:
        if not hmac.compare_digest(given.credentials.encode(), token.encode()):
            raise HTTPException(status.HTTP_401_UNAUTHORIZED)

    app = FastAPI(
        openapi_url=None,
        redirect_slashes=False,
        max_body_size=LARGEST_BODY,
        exception_handlers={HTTPError: _number, RequestValidationError: _number},
    )

    @app.post(PATH, status_code=204, dependencies=[Depends(knows_the_code)])
    async def take(report: Report, request: Request) -> None:
        try:
            await board.hear(report, request.client.host if request.client else "")
        except NoSeat:
            raise HTTPException(status.HTTP_403_FORBIDDEN) from None

    return app


async def _number(_: Request, error: Exception) -> Response:
    """The status of an error, without a word of what was sent."""
    return Response(status_code=error.status_code if isinstance(error, HTTPError) else 422)
