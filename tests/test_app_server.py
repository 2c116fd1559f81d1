"""A real uvicorn beside the notebook: it leaves signals alone, and says what it served."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException, Request

from workbook.base.problem import Problem
from workbook.evidence import exchanges, sequence
from workbook.evidence.app_server import AppServer, root_logger
from workbook.evidence.exchanges import Exchange


def app() -> FastAPI:
    made = FastAPI()

    @made.get("/teams")
    async def teams(name: str = "") -> list[str]:
        return [name]

    @made.get("/port")
    async def port(request: Request) -> int:
        assert request.client
        return request.client.port

    @made.get("/fails")
    async def fails() -> None:
        raise LookupError("no team of that name")

    @made.get("/refuses")
    async def refuses() -> None:
        raise HTTPException(404)

    return made


def served(*paths: str) -> list[Exchange]:
    """What the server knows of these requests, one after the other."""

    async def work() -> list[Exchange]:
        server = AppServer(app())
        async with server as client:
            for path in paths:
                await client.get(path)
            await server.finished()
        return server.exchanges

    return asyncio.run(work())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_kernel_s_handler_of_this_signal_stays(number: signal.Signals) -> None:
    """uvicorn takes both, in a method that is in no documentation; SIGINT interrupts a cell."""

    async def work() -> list[Any]:
        server = AppServer(app())
        handlers = [signal.getsignal(number)]
        async with server as client:
            handlers.append(signal.getsignal(number))
            await client.get("/teams")
            handlers.append(signal.getsignal(number))
        return [*handlers, signal.getsignal(number)]

    async def ours() -> list[Any]:
        signal.signal(number, ignore)
        return await work()

    def ignore(*_: object) -> None:
        pass

    before = signal.getsignal(number)
    try:
        assert asyncio.run(ours()) == [ignore] * 4
    finally:
        signal.signal(number, before)


def test_an_app_that_does_not_start_says_why_and_leaves_no_handler() -> None:
    """uvicorn exits where an app does not start: that must not end the kernel."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        raise LookupError("no settings")
        yield

    handlers = list(root_logger.handlers)
    with pytest.raises(Problem) as caught:
        asyncio.run(AppServer(FastAPI(lifespan=lifespan)).start())
    first, *last = str(caught.value).splitlines()
    assert first == "The app did not start. The end of its log says why:"
    assert "LookupError: no settings" in last
    assert root_logger.handlers == handlers


def test_each_request_is_kept_with_what_the_client_and_the_server_made_of_it() -> None:
    table = exchanges.table(served("/teams?name=night", "/fails", "/refuses"))
    assert [tuple(row) for row in table.rows] == [
        ("GET /teams?name=night", '200 ["night"]', ""),
        ("GET /fails", "500 Internal Server Error", "LookupError: no team of that name"),
        ("GET /refuses", '404 {"detail": "Not Found"}', ""),
    ]
    assert repr(exchanges.table([])) == "No request came in."


def test_a_log_record_belongs_to_the_request_that_this_task_serves() -> None:
    made = FastAPI()

    @made.get("/")
    async def logs_an_error() -> None:
        try:
            raise LookupError("handled")
        except LookupError:
            logging.getLogger("app").exception("went wrong")

    async def work() -> list[Exchange]:
        server = AppServer(made)
        async with server as client:
            await client.get("/")
        return server.exchanges

    assert [each.server_logs() for each in asyncio.run(work())] == ["LookupError: handled"]
    assert exchanges.current_exchange.get() is None, "outside of a request there is none"


def test_long_texts_are_cut_and_bodies_kept_to_a_measure() -> None:
    exchange = served("/teams?name=" + "x" * 3 * exchanges.KEPT_BYTES)[0]
    assert len(exchange.client_sees()) == len("200 ") + exchanges.SHOWN_CHARACTERS
    assert exchange.client_sees().endswith("…")


def test_what_is_said_is_drawn_in_its_order_and_nobody_listens_afterwards() -> None:
    with sequence.watch() as events:
        served("/teams?name=a", "/refuses")
    served("/teams")
    assert repr(events) == (
        "GET /teams?name=a  client → app\n"
        "200                app → client\n"
        "GET /refuses       client → app\n"
        "404                app → client"
    )
    assert not exchanges.message_listeners
    drawn = events._repr_mimebundle_()["text/vnd.mermaid"].splitlines()
    assert drawn[:4] == [
        "sequenceDiagram",
        "    participant client as client",
        "    participant app as app",
        "    participant pg as PostgreSQL",
    ]
    assert drawn[4] == "    client->>app: GET /teams?name=a"


def test_each_request_has_a_connection_of_its_own() -> None:
    """One that an app has failed on closes, also while the next request is on its way."""

    async def work() -> set[int]:
        async with AppServer(app()) as client:
            return {(await client.get("/port")).json() for _ in range(5)}

    assert len(asyncio.run(work())) == 5


def test_in_order_requests_keep_their_order_and_those_under_way_together_are_sorted() -> None:
    second = [datetime(2026, 1, 1, 0, 0, number, tzinfo=UTC) for number in range(5)]
    late = Exchange(second[0], "POST /wait", 500, answered=second[2])
    soon = Exchange(second[1], "POST /wait", 201, answered=second[2])
    third = Exchange(second[3], "POST /first", 409, answered=second[4])
    last = Exchange(second[4], "POST /again", 201)
    assert exchanges.in_order([late, soon, third, last]) == [soon, late, third, last]
