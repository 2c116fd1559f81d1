"""No proxy of the environment stands between the workbook and its own machine."""

import ast
import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

from workbook.base import no_proxy, paths
from workbook.checks import pytesting
from workbook.checks.app_client import client_of
from workbook.evidence.app_server import AppServer
from workbook.lab import lifecycle
from workbook.stack import Stack, in_flight

DEAD = ["http://127.0.0.1:9", "socks5://127.0.0.1:9"]
OURS = ("workbook", "app_reference", "tests", "benchmarks", "docker", "wb")
READING = {"AsyncClient", "Client", "Session"}
"""Classes of httpx and requests that read the environment, unless told otherwise."""
ASKING = {"get", "post", "put", "patch", "delete", "head", "options", "request", "stream"}


def calls_that_read_proxies(text: str) -> list[str]:
    """What is called in this text that would look into the environment for a proxy."""
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    libraries = {"httpx", "requests", "urllib.request"} & set(_imported(tree))
    return [ast.unparse(each.func) for each in calls if libraries and _reads_proxies(each)]


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _reads_proxies(call: ast.Call) -> bool:
    owner, _, name = ast.unparse(call.func).rpartition(".")
    if name == "build_opener":
        return "ProxyHandler({})" not in ast.unparse(call)
    if name in ("urlopen", "urlretrieve") or (owner in ("httpx", "requests") and name in ASKING):
        return not _is_told(call)
    return name in READING and owner in ("", "httpx", "requests") and not _is_told(call)


def _is_told(call: ast.Call) -> bool:
    """A client of an app in this process has nothing between; others say that they read nothing."""
    told = {each.arg: ast.unparse(each.value) for each in call.keywords}
    return told.get("trust_env") == "False" or "transport" in told


@pytest.mark.parametrize(
    "text",
    [
        "import httpx\nhttpx.AsyncClient(base_url=url)",
        "import httpx\nhttpx.Client(trust_env=True)",
        "import httpx\nhttpx.get(url)",
        "from httpx import AsyncClient\nAsyncClient(base_url=url)",
        "import requests\nrequests.post(url)",
        "import urllib.request\nurllib.request.urlopen(url)",
        "from urllib import request\nrequest.urlopen(url)",
        "from urllib.request import urlopen\nurlopen(url)",
        "import urllib.request\nurllib.request.build_opener()",
    ],
)
def test_a_client_that_reads_the_environment_is_seen(text: str) -> None:
    assert calls_that_read_proxies(text)


def test_every_client_of_ours_leaves_the_environment_alone() -> None:
    found = []
    for path in _programs():
        if "reported" not in path.parts:  # what learners write, and the errors of it
            name, calls = path.relative_to(paths.ROOT), calls_that_read_proxies(path.read_text())
            found += [f"{name}: {call}" for call in calls]
    assert found == []


def _programs() -> Iterator[Path]:
    for place in (paths.ROOT / each for each in OURS):
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


@pytest.fixture(params=DEAD)
def dead_proxy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, request.param)
        monkeypatch.setenv(name.upper(), request.param)
    for name in no_proxy.NAMES:
        monkeypatch.delenv(name, raising=False)
    return str(request.param)


def app() -> FastAPI:
    made = FastAPI()
    made.add_api_route("/livez", lambda: "alive")
    return made


@pytest.mark.usefixtures("dead_proxy")
def test_the_client_of_a_served_app_reaches_it() -> None:
    async def status() -> list[int]:
        server = AppServer(app())
        async with server as client:
            port = int(server.url.rpartition(":")[2])
            stack = Stack(SimpleNamespace(address=_at(port)))  # type: ignore[arg-type]
            async with await stack.client("app") as other:
                return [(await each.get("/livez")).status_code for each in (client, other)]

    assert asyncio.run(status()) == [200, 200]


def _at(port: int) -> object:
    async def address(*_: object) -> tuple[str, int]:
        return "127.0.0.1", port

    return address


@pytest.mark.usefixtures("dead_proxy")
def test_the_client_of_an_app_in_this_process_reaches_it() -> None:
    async def status() -> int:
        async with client_of(app()) as client:
            return (await client.get("/livez")).status_code

    assert asyncio.run(status()) == 200


@pytest.mark.usefixtures("dead_proxy")
def test_who_waits_for_a_server_to_refuse_sees_that_it_still_answers() -> None:
    """With a dead proxy every request is refused, and half a body would be sent too early."""

    async def refused_early() -> bool:
        server = AppServer(app())
        async with server:
            stopping = asyncio.create_task(asyncio.sleep(0.3))
            await in_flight._until_refused(server.url, stopping)
            return not stopping.done()

    assert not asyncio.run(refused_early())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, ["127.0.0.1,localhost,::1"] * 2),
        ({"NO_PROXY": "a.test"}, ["a.test,127.0.0.1,localhost,::1"] * 2),
        (
            {"NO_PROXY": "a.test", "no_proxy": "b.test, localhost"},
            ["a.test,127.0.0.1,localhost,::1", "b.test,localhost,127.0.0.1,::1"],
        ),
        ({"no_proxy": "*"}, ["*"] * 2),
        ({"no_proxy": "*,a.test"}, ["*,a.test"] * 2),
    ],
)
def test_this_machine_is_added_to_what_is_spared(before: dict[str, str], after: list[str]) -> None:
    made = no_proxy.with_this_machine(before)
    assert [made["NO_PROXY"], made["no_proxy"]] == after
    assert no_proxy.with_this_machine(before | made) == made


@pytest.mark.usefixtures("dead_proxy")
def test_a_kernel_that_no_wb_has_started_spares_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An editor starts kernels of its own."""
    for name in no_proxy.NAMES:
        monkeypatch.setenv(name, "a.test")
    for module in (lifecycle.magics, lifecycle.ipython):
        for each in ("install", "show_errors", "on_cell", "after_cell"):
            monkeypatch.setattr(module, each, lambda *_: None, raising=False)
    monkeypatch.setattr(lifecycle, "Busy", lambda _: SimpleNamespace(watch=lambda: None))
    monkeypatch.setattr(lifecycle.sys, "path", [])
    session = SimpleNamespace(resources=SimpleNamespace(callback=lambda _: None), cells=None)
    session.cells, session.guesses = SimpleNamespace(record=None), SimpleNamespace(after_cell=None)
    lifecycle._join_notebook(session, None)  # type: ignore[arg-type]
    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == "a.test,127.0.0.1,localhost,::1"


@pytest.mark.usefixtures("dead_proxy")
def test_the_tests_of_an_app_run_without_proxies(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import httpx, os\n"
        "def test_it():\n"
        "    httpx.AsyncClient(base_url='http://127.0.0.1:1')\n"
        "    assert not [n for n in os.environ if n.lower() in ('http_proxy', 'all_proxy')]\n"
    )
    [outcome] = asyncio.run(pytesting.apart(str(tmp_path), ["test_it.py"], {}))
    assert (outcome.result, outcome.why) == ("passed", "")
