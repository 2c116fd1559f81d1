"""Calls that a function, a schema or a server does not take."""

import tempfile
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, HttpUrl, PostgresDsn
from pydantic_settings import BaseSettings, SettingsConfigDict

from reported import Place, raises
from reported.containers import refused
from reported.reaching import answering
from reported.web import answered


class Film(BaseModel):
    title: str


class Still(BaseModel):
    model_config = ConfigDict(frozen=True)
    title: str


@raises("ValueError: an attribute that the schema does not have")
async def undeclared_attribute(place: Place) -> None:
    Film(title="Alien").imported = True  # type: ignore[attr-defined]


@raises("ValidationError: a schema that may not be changed")
async def frozen(place: Place) -> None:
    Still(title="Alien").title = "Aliens"  # type: ignore[misc]


NO_RESPONSE = "TypeError: a middleware or a handler that returns no response"


async def with_middleware(gives: Any) -> None:
    app = FastAPI()

    @app.middleware("http")
    async def passes(request: Request, call_next: Any) -> Any:
        await call_next(request)
        return gives

    await answered(app)


@raises(NO_RESPONSE)
async def middleware_returns_nothing(place: Place) -> None:
    await with_middleware(None)


@raises(NO_RESPONSE)
async def middleware_returns_a_dictionary(place: Place) -> None:
    await with_middleware({"a": 1})


@raises(NO_RESPONSE)
async def handler_returns_a_dictionary(place: Place) -> None:
    app = FastAPI()

    @app.get("/")
    async def fail() -> None:
        raise KeyError

    @app.exception_handler(KeyError)
    async def handle(request: Request, error: Exception) -> Any:
        return {"detail": "none"}

    await answered(app)


@raises("ValueError: NaN or infinity in JSON")
async def nan_returned(place: Place) -> None:
    app = FastAPI()

    @app.get("/")
    async def show():  # type: ignore[no-untyped-def]
        return {"value": float("nan")}

    await answered(app)


@raises("TypeError: a URL of Pydantic, made of parts")
async def dsn_of_parts(place: Place) -> None:
    PostgresDsn(scheme="postgresql", host="db")  # type: ignore[call-arg]


@raises("TypeError: a URL of Pydantic, made of parts")
async def address_of_parts(place: Place) -> None:
    HttpUrl(scheme="https", host="db")  # type: ignore[call-arg]


@raises("TypeError: a part of a URL that build does not know")
async def user_of_a_dsn(place: Place) -> None:
    PostgresDsn.build(scheme="postgresql", user="me", host="db")  # type: ignore[call-arg]


@raises("UnicodeDecodeError: a configuration that is no UTF-8")
async def settings_in_utf16(place: Place) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, ".env").write_text("URL=x\r\n", "utf-16")

        class Settings(BaseSettings):
            model_config = SettingsConfigDict(env_file=Path(folder, ".env"))
            url: str

        Settings()


@raises("UnicodeDecodeError: bytes that are no UTF-8")
async def image_returned(place: Place) -> None:
    app = FastAPI()

    @app.get("/")
    async def show():  # type: ignore[no-untyped-def]
        return {"image": b"\x89PNG"}

    await answered(app)


@raises("TypeError: an ASGI app on a WSGI server")
async def served_by_wsgi(place: Place) -> None:
    FastAPI()({}, lambda *_: None)  # type: ignore[call-arg,arg-type,unused-coroutine]


@raises("APIError: too many pulls from the registry")
async def too_many_pulls(place: Place) -> None:
    refused(500, "toomanyrequests: You have reached your unauthenticated pull rate limit.")


@raises("AttributeError: a coroutine, where a response was wanted")
async def request_not_awaited(place: Place) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(FastAPI()), base_url="http://app")
    client.get("/").status_code  # type: ignore[attr-defined]  # noqa: B018


@raises("TypeError: a body for a request that usually has none")
async def body_of_a_delete(place: Place) -> None:
    await httpx.AsyncClient().delete("/", json={})  # type: ignore[call-arg]


@raises("TypeError: a body for a request that usually has none")
async def body_of_a_get(place: Place) -> None:
    httpx.Client().get("/", data={})  # type: ignore[call-arg]


@raises("TypeError: redirects, in the words of requests")
async def redirects_of_requests(place: Place) -> None:
    await httpx.AsyncClient().get("/", allow_redirects=False)  # type: ignore[call-arg]


@raises("TypeError: proxies, in the words of an older httpx")
async def proxies_of_requests(place: Place) -> None:
    httpx.AsyncClient(proxies={})  # type: ignore[call-arg]


async def with_headers(headers: Any) -> None:
    async with answering(lambda _: b"") as url, httpx.AsyncClient(trust_env=False) as client:
        port = url.rpartition(":")[2].partition("/")[0]
        await client.get(f"http://127.0.0.1:{port}/", headers=headers)


@raises("LocalProtocolError: a header that HTTP does not allow")
async def empty_token(place: Place) -> None:
    await with_headers({"Authorization": "Bearer "})


@raises("LocalProtocolError: a header that HTTP does not allow")
async def token_with_a_line_break(place: Place) -> None:
    await with_headers({"Authorization": "Bearer secret\n"})


@raises("UnicodeEncodeError: a header that is no ASCII")
async def header_with_an_accent(place: Place) -> None:
    await with_headers({"X-Name": "José"})


@raises("TypeError: a header that is no text")
async def header_of_none(place: Place) -> None:
    await with_headers({"X-API-Key": None})
