"""A client of an app that runs in this process, without a server between them."""

import httpx
from fastapi import FastAPI

from workbook.checks.crashes import watched


def client_of(app: FastAPI, *, raises: bool = False) -> httpx.AsyncClient:
    """A client of the app: a crash is a 500, as for a stranger, or with `raises` the error itself.

    What the app raised stands in the verdict. The app's lifespan is not entered.
    """
    transport = httpx.ASGITransport(watched(app), raise_app_exceptions=raises)
    return httpx.AsyncClient(transport=transport, base_url="http://app", trust_env=False)
