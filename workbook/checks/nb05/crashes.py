"""An app's crash as an answer that says what crashed."""

import httpx
from fastapi import Request, Response


async def name_of_crash(_: Request, error: Exception) -> Response:
    """A handler of any exception: 500, and the kind of the error as the body, for the verdict."""
    return Response(type(error).__name__, 500)


def status_or_crash(got: httpx.Response) -> int | str:
    """The status; of a crash a text, which names the kind of its error too."""
    return f"500, {got.text}" if got.status_code == 500 else got.status_code
