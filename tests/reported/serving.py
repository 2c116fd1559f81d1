"""Apps, middleware and schemas, each by one expression."""

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, FastAPI, Path, Request, WebSocket
from fastapi.responses import FileResponse, Response
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field
from starlette.middleware.base import BaseHTTPMiddleware

from reported import Place, raises, use
from reported.asking import POSITION
from reported.testing import tested
from reported.web import answered


def gathered(*many: Any) -> Any:
    return asyncio.gather(*many)


use("TypeError: gather of a list", lambda _: gathered([1]))
use(
    "TypeError: gather of what is no awaitable",
    lambda _: gathered(5),
    lambda _: gathered("one"),
)


def endpoint(answer: Callable[..., Any], path: str = "/", **options: Any) -> FastAPI:
    """An app with one endpoint."""
    app = FastAPI()
    app.get(path, **options)(answer)
    return app


async def with_request(use_of: Callable[[Request], Any]) -> None:
    async def answer(request: Request):  # type: ignore[no-untyped-def]
        return use_of(request)

    await answered(endpoint(answer))


@raises("AssertionError: a path parameter with a default")
async def default_of_a_path(place: Place) -> None:
    def answer(a: Annotated[int, Path()] = 1) -> None: ...

    endpoint(answer, "/{a}")


@raises("AssertionError: a path parameter with a default")
async def default_in_path(place: Place) -> None:
    Path(default=1)


@raises("FastAPIError: neither a prefix nor a path")
async def neither_prefix_nor_path(place: Place) -> None:
    router = APIRouter()
    router.get("")(lambda: None)
    FastAPI().include_router(router)


use(
    "AttributeError: include_router of what is no router",
    lambda _: FastAPI().include_router(ModuleType("users")),  # type: ignore[arg-type]
    lambda _: FastAPI().include_router("users"),  # type: ignore[arg-type]
)


async def with_middleware(*kinds: Any) -> None:
    app = FastAPI()
    for each in kinds:
        app.add_middleware(BaseHTTPMiddleware, dispatch=each)
    await answered(app)


use("NotImplementedError: a middleware without dispatch", lambda _: with_middleware(None))


async def _forgets(request: Request, call_next: Any) -> Any:
    return await call_next()


async def _alone(request: Request) -> Any: ...


use("TypeError: call_next without its request", lambda _: with_middleware(_forgets))
OTHERS = "TypeError: a middleware or a handler with other arguments"
use(OTHERS, lambda _: with_middleware(_alone))


@raises(OTHERS)
async def handler_without_its_error(place: Place) -> None:
    app = FastAPI()
    app.exception_handler(404)(_alone)
    await answered(app)


NO_TEXT = "AttributeError: a response of what is no text"
use(
    NO_TEXT,
    lambda _: Response({"a": 1}),
    lambda _: Response(headers={"X-Total": 5}),  # type: ignore[dict-item]
)
use(
    "RuntimeError: a file for FileResponse that is not there",
    lambda _: answered(endpoint(lambda: FileResponse("/no/such/file"))),
)
use(
    "AssertionError: a request without its middleware",
    lambda _: with_request(lambda request: request.session),
    lambda _: with_request(lambda request: request.user),
)
use(
    "NoMatchFound: url_for a name that nobody has",
    lambda _: with_request(lambda request: request.url_for("nobody")),
)


@raises("TypeError: a background task that was called")
async def task_called(place: Place) -> None:
    async def answer(tasks: BackgroundTasks) -> None:
        tasks.add_task(print(end=""))  # type: ignore[func-returns-value,arg-type]

    await answered(endpoint(answer))


class Team(BaseModel):
    id: int


OTHER_FORM = "ResponseValidationError: an answer of another form than its model"
for given, wanted in (({"id": "x"}, Team), ([{"id": 1}], Team), ({"id": 1}, list[Team])):
    use(
        OTHER_FORM,
        lambda _, given=given, wanted=wanted: answered(  # type: ignore[misc]
            endpoint(lambda: given, response_model=wanted)
        ),
    )
use(
    "AttributeError: the app of another framework",
    lambda _: FastAPI().run(),  # type: ignore[attr-defined]
)
use(
    "AttributeError: events of an app that it no longer has",
    lambda _: FastAPI().add_event_handler("startup", print),  # type: ignore[attr-defined]
)
use(POSITION, lambda _: Team({"id": 1}))  # type: ignore[call-arg]


class Called(BaseModel):
    call: Callable[[], int]


@raises("PydanticInvalidForJsonSchema: a type that the documentation cannot show")
async def callable_in_a_schema(place: Place) -> None:
    Called.model_json_schema()


@raises("RuntimeError: a body that was read twice")
async def body_twice(place: Place) -> None:
    async def answer(request: Request) -> None:
        for _ in range(2):
            async for _part in request.stream():
                pass

    await answered(endpoint(answer))


@raises("RuntimeError: a WebSocket that was not accepted")
async def not_accepted(place: Place) -> None:
    app = FastAPI()

    @app.websocket("/")
    async def talk(websocket: WebSocket) -> None:
        await websocket.receive_text()

    def connects() -> None:
        with TestClient(app).websocket_connect("/"):
            pass

    await asyncio.to_thread(connects)


use("ValueError: a parameter twice in a path", lambda _: endpoint(lambda id: id, "/{id}/{id}"))


@raises("TypeError: a limit that the type does not have")
async def limit_of_another_type(place: Place) -> None:
    class Limited(BaseModel):
        size: list[int] = Field(gt=3)

    Limited(size=[1])


class Early(BaseModel):
    id: int

    def __init__(self, id: int) -> None:
        self.id = id


use(
    "AttributeError: a schema whose __init__ does not call its parent's",
    lambda _: Early(1),
)


@raises("Failed: an error that did not come")
async def did_not_raise(place: Place) -> None:
    await tested("import pytest\ndef test_one():\n    with pytest.raises(ValueError): pass")
