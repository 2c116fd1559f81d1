"""Clients of HTTP, Alembic and Docker, each by one expression."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from alembic import command, op
from docker.errors import DockerException
from fastapi import FastAPI
from testcontainers.core.container import DockerContainer

from reported import Place, raises, use
from reported.containers import refused
from reported.migrations import done, project
from reported.reaching import answering

NOWHERE = "http://127.0.0.1:1/"


async def sent(method: str = "GET", url: Any = NOWHERE, **options: Any) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.request(method, url, **options)


def status(code: int, **headers: str) -> None:
    request = httpx.Request("GET", "http://test/")
    httpx.Response(code, request=request, headers=headers).raise_for_status()


use(
    "AttributeError: an app in the place of a transport",
    lambda _: httpx.AsyncClient(transport=FastAPI(), base_url="http://t").get("/"),  # type: ignore[arg-type]
)
use("HTTPStatusError: 3xx: the answer leads elsewhere", lambda _: status(307, Location="/a/"))
use(
    "HTTPStatusError: 404 or 405: no such path, or not with this method",
    lambda _: status(404),
    lambda _: status(405),
)
use("HTTPStatusError: 401 or 403: who asks", lambda _: status(401), lambda _: status(403))
use("HTTPStatusError: 5xx: the server failed", lambda _: status(500), lambda _: status(502))
use(
    "RuntimeError: a response that was made by hand",
    lambda _: httpx.Response(200).raise_for_status(),
    lambda _: httpx.Response(200).request,
)
use("TypeError: a URL that is none", lambda _: sent(url=None), lambda _: sent(url=5))
use(
    "InvalidURL: a URL with a part that is not allowed",
    lambda _: sent(url="http://localhost:port/"),
    lambda _: sent(url="http://localhost/\n"),
)
use(
    "ConnectError: the HTTP client knows no such host",
    lambda _: sent(url="http://no-such-host.invalid/"),
)


@raises("ConnectError: https, where http is spoken")
async def https_for_http(place: Place) -> None:
    answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    async with answering(lambda _: answer) as url:
        port = url.rpartition(":")[2].partition("/")[0]
        await sent(url=f"https://127.0.0.1:{port}/")


use("TypeError: a dictionary as content", lambda _: sent("POST", content={"a": 1}))


def _parts() -> Iterator[bytes]:
    yield b"a"


use(
    "RuntimeError: a body of the other kind of client",
    lambda _: sent("POST", content=_parts()),
)
use(
    "TypeError: a file in text mode",
    lambda _: sent("POST", files={"file": io.StringIO("text")}),
)


@raises("ResponseNotRead: a stream whose body is not read yet")
async def stream_not_read(place: Place) -> None:
    transport = httpx.ASGITransport(FastAPI())
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
        client.stream("GET", "/") as response,
    ):
        response.json()


use(
    "AttributeError: an answer, in the words of another client",
    lambda _: httpx.Response(200).ok,  # type: ignore[attr-defined]
    lambda _: httpx.Response(200).get_json(),  # type: ignore[attr-defined]
)
use(
    "TypeError: an answer, read like a dictionary",
    lambda _: httpx.Response(200)["id"],  # type: ignore[index]
)
use(
    "ImportError: an option that needs another package",
    lambda _: httpx.AsyncClient(http2=True),
    lambda _: httpx.AsyncClient(proxy="socks5://localhost:1"),
)
use(
    "ValueError: a proxy whose address is no URL",
    lambda _: httpx.AsyncClient(proxy="localhost"),
)


@raises("NameError: Alembic's op or context, outside of a run")
async def op_outside_of_a_run(place: Place) -> None:
    left = vars(op).pop("_proxy", None)  # of a run before this one in the same process
    try:
        op.execute("SELECT 1")
    finally:
        vars(op)["_proxy"] = left


use(
    "AttributeError: an operation that op does not have",
    lambda _: op.update("team"),  # type: ignore[attr-defined]
)


@raises("CommandError: init, where something is already")
async def init_twice(place: Place) -> None:
    with project(place) as config, tempfile.TemporaryDirectory() as folder:
        Path(folder, "file").touch()
        await done(config, command.init, folder)


@raises("CommandError: no such revision")
async def follower_of_what_has_one(place: Place) -> None:
    with project(place, one=None, two="one") as config:
        await done(config, command.revision, head="one")


use(
    "DockerException: Docker's socket is not for this user",
    lambda _: _raise(DockerException("('aborted', PermissionError(13, 'Permission denied'))")),
)


def _raise(error: Exception) -> None:
    raise error


use(
    "APIError: an image for another machine",
    lambda _: refused(404, "no matching manifest for linux/arm64/v8 in the manifest list entries"),
    lambda _: refused(400, "exec /usr/bin/app: exec format error"),
)
use(
    "NotFound: a network or a container that is gone",
    lambda _: refused(404, "No such container: 0123"),
    lambda _: refused(404, "network 0123 could not be found"),
)
use(
    "APIError: the disk of the engine is full",
    lambda _: refused(500, "write /var/lib/docker/tmp: no space left on device"),
)
use(
    "APIError: a client and an engine of different age",
    lambda _: refused(
        400, "client version 1.40 is too old. Minimum supported API version is 1.44, please upgrade"
    ),
)
use(
    "APIError: a registry that wants a login",
    lambda _: refused(500, "unauthorized: authentication required"),
)
use(
    "ContainerStartException: a container that was not started",
    lambda _: _bare().get_logs(),
    lambda _: _bare().exec("true"),
)


def _bare() -> DockerContainer:
    container = DockerContainer.__new__(DockerContainer)
    container.__dict__ |= {"_container": None, "_docker": SimpleNamespace()}
    return container
