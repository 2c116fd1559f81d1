"""A client of an app that runs in this process, without a server between them."""

import httpx
from fastapi import FastAPI


def client_of(app: FastAPI, *, raises: bool = False) -> httpx.AsyncClient:
    """A client of the app: a crash is a 500, as for a stranger, or with `raises` the error itself.

    The app's lifespan is not entered.
    """
    transport = httpx.ASGITransport(app, raise_app_exceptions=raises)
    return httpx.AsyncClient(transport=transport, base_url="http://app")
