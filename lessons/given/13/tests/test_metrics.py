"""What whoever runs the app sees of it: figures for Prometheus, ids, and lines of JSON."""

import json
import logging
from time import perf_counter

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncEngine

from app import logs, metrics
from app.failures import CommitLost, note


async def figure(client: AsyncClient, name: str) -> float:
    """The value that the app tells under this name, with its labels; 0 where it tells none."""
    lines = (await client.get("/metrics", headers={"authorization": ""})).text.splitlines()
    return sum(float(each.rpartition(" ")[2]) for each in lines if each.startswith(f"{name} "))


def named(name: str, **labels: object) -> str:
    """What a figure with these labels is called."""
    words = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return name + "{" + words + "}"


def requests(method: str, route: str, status: int) -> str:
    """What the number of these requests is called."""
    name = "nightwatch_request_seconds_count"
    return named(name, method=method, route=route, status=status)


@pytest.mark.parametrize(
    "asked",
    [
        ("GET", "/teams/77777", requests("GET", "/teams/{team_id}", 404)),
        ("HEAD", "/livez", requests("HEAD", "/livez", 200)),
        ("GET", "/no/such/place", requests("GET", "none", 404)),
        ("BREW", "/livez", requests("other", "/livez", 405)),
    ],
)
async def test_requests_are_counted_by_route(
    client: AsyncClient, team: int, asked: tuple[str, str, str]
) -> None:
    """Not by what a client has asked: it could ask for ever new places."""
    method, path, name = asked
    before = await figure(client, name)
    await client.request(method, path)
    assert await figure(client, name) == before + 1


async def test_the_time_of_a_request_is_told(client: AsyncClient) -> None:
    """In seconds."""
    name = requests("GET", "/livez", 200).replace("_count", "_sum")
    before, began = await figure(client, name), perf_counter()
    await client.get("/livez")
    took = perf_counter() - began
    assert 0 < await figure(client, name) - before < took


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process's log as the app begins it, until the end of the test."""
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.WARNING)
    logs.configure("INFO")


async def test_warnings_are_counted_by_message(client: AsyncClient, configured: None) -> None:
    """A COMMIT of which nobody knows is an error; what is no warning is not counted."""
    names = [
        named("nightwatch_warnings_total", level=level, message=message)
        for level, message in (
            ("WARNING", "trying again"),
            ("ERROR", "answered with 503"),
            ("ERROR", "asyncio"),
            ("INFO", "paged"),
        )
    ]
    before = [await figure(client, each) for each in names]
    note("trying again", OSError(), attempt=1)
    note("answered with 503", CommitLost())
    logging.getLogger("asyncio").error("Task exception was never retrieved")
    logging.getLogger("nightwatch").info("paged")
    after = [await figure(client, each) for each in names]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1, 0]


async def test_lent_connections_are_told(
    client: AsyncClient, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of whatever engine the app has now."""
    monkeypatch.setattr(metrics, "engine", engine)
    before = await figure(client, "nightwatch_connections_in_use")
    async with engine.connect():
        assert await figure(client, "nightwatch_connections_in_use") == before + 1


async def test_an_id_that_was_sent_is_kept(client: AsyncClient) -> None:
    """So a proxy's log and ours have the same one; what is no id is not taken over."""
    for sent in ("0af7651916cd43dd", "a", "x" * 64):
        answer = await client.get("/livez", headers={"x-request-id": sent})
        assert answer.headers["x-request-id"] == sent
    for sent in ("", "x" * 65, "two words", '"'):
        answer = await client.get("/livez", headers={"x-request-id": sent})
        assert len(answer.headers["x-request-id"]) == 32


def test_the_lines_of_the_server_are_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once: what uvicorn would say of a request, the app says itself."""
    for name in ("uvicorn", "uvicorn.access"):  # as the command makes them, before the app is there
        monkeypatch.setattr(logging.getLogger(name), "handlers", [logging.StreamHandler()])
        monkeypatch.setattr(logging.getLogger(name), "propagate", False)
    logs.take_over_server()
    logging.getLogger("uvicorn.error").warning("Shutting down")
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "Shutting down"
    assert not logging.getLogger("uvicorn.access").handlers
