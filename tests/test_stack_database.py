"""The database of a stack, in containers and replayed: who gets in, and with which password."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from workbook.authoring import sandbox
from workbook.base.problem import Problem
from workbook.stack import Stack
from workbook.stack.backend import StackBackend
from workbook.stack.compose_backend import ComposeBackend, engine_answers
from workbook.stack.compose_file import services
from workbook.stack.loopback import elsewhere
from workbook.stack.network import Network
from workbook.stack.postgres_image import holds_data, refusal
from workbook.stack.process_backend import ProcessBackend

Make = Callable[[Path, str], StackBackend]
BACKENDS = [
    pytest.param(ProcessBackend, id="replayed"),
    pytest.param(ComposeBackend, id="in containers", marks=pytest.mark.skipif(
        not engine_answers(), reason="no Docker engine with Compose answers here")),
]  # fmt: skip
FILE = """\
services:
  db:
    image: postgres:18-alpine
    environment: {ENVIRONMENT}
    healthcheck: {test: [CMD-SHELL, "UP; TEST"], interval: 1s, timeout: 10s, retries: 12}
"""
UP = "until pg_isready -q -h 127.0.0.1; do sleep 0.1; done"
"""A server that takes its time is not unhealthy for that: two minutes are waited for it."""
USUAL = '{POSTGRES_USER: nightwatch, POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}"}'
QUERY = "psql -h 127.0.0.1 -U nightwatch -c 'select 1'"


@pytest.fixture(scope="module", autouse=True)
def work() -> Iterator[Path]:
    """A learner's folder of the tests' own: clusters are kept there."""
    with sandbox.work() as own, sandbox.environment(own):
        yield Path(own["WORKBOOK_WORK"])


def compose_file(test: str = QUERY, environment: str = USUAL) -> str:
    return FILE.replace("{ENVIRONMENT}", environment).replace("UP; TEST", f"{UP}; {test}")


def state_of(make: Make, folder: Path, text: str) -> str:
    """What the database comes to."""

    async def run() -> str:
        async with Stack(make(folder, text)) as stack:
            return str((await stack.up()).rows[0][1])

    return asyncio.run(run())


@pytest.mark.parametrize("make", BACKENDS)
@pytest.mark.parametrize(
    ("test", "state"),
    [
        (QUERY, "healthy"),
        (QUERY.replace("127.0.0.1", "localhost"), "healthy"),
        (QUERY.replace("-h 127.0.0.1 ", ""), "healthy"),
        (QUERY.replace("127.0.0.1", "db"), "unhealthy"),
        ("psql -w postgresql://nightwatch@db:5432/nightwatch -c 'select 1'", "unhealthy"),
        ("PGPASSWORD=nightwatch " + QUERY.replace("127.0.0.1", "db"), "healthy"),
        ("pg_isready -h $$(hostname -i)", "healthy"),
    ],
)
def test_who_gets_in_without_a_password(make: Make, tmp_path: Path, test: str, state: str) -> None:
    """From its own loopback and socket everybody, by its address in the network nobody."""
    assert state_of(make, tmp_path, compose_file(test)) == state


@pytest.mark.parametrize("make", BACKENDS)
@pytest.mark.parametrize(
    ("environment", "more", "state"),
    [
        ("{POSTGRES_USER: nightwatch}", "    env_file: .env\n", "healthy"),
        ("{POSTGRES_USER: nightwatch, POSTGRES_PASSWORD: }", "", "healthy"),
        (
            "{POSTGRES_USER: nightwatch, POSTGRES_PASSWORD_FILE: /run/secrets/pw}",
            "    secrets: [pw]\nsecrets: {pw: {environment: POSTGRES_PASSWORD}}\n",
            "healthy",
        ),
        ("{POSTGRES_USER: nightwatch}", "", "exited (1)"),
        (USUAL.replace("{", "{PGDATA: /var/lib/postgresql/data/pgdata, ", 1), "", "healthy"),
    ],
)
def test_where_the_password_comes_from(
    make: Make, tmp_path: Path, environment: str, more: str, state: str
) -> None:
    query = QUERY.replace("psql", "PGPASSWORD=nightwatch psql").replace("127.0.0.1", "db")
    text = compose_file(query, environment)
    assert state_of(make, tmp_path, text + more) == state


def test_others_are_asked_for_the_password(tmp_path: Path) -> None:
    """They reach the database at another address than its own loopback."""

    async def run() -> None:
        async with Stack(ProcessBackend(tmp_path, compose_file())) as stack:
            await stack.up()
            host, port = await stack.backend.address("db", 5432)
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(
                    host=host, port=port, user="nightwatch", password="other", timeout=10
                )

    asyncio.run(run())


def test_the_socket_of_a_database_has_room_under_a_long_tmpdir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert state_of(ProcessBackend, tmp_path, compose_file()) == "healthy"


@pytest.mark.parametrize(
    ("pgdata", "volume", "kept", "refused"),
    [
        ("", "data:/var/lib/postgresql", True, False),
        ("", "data:/var/lib/postgresql/data", False, True),
        ("/var/lib/postgresql/data/pgdata", "data:/var/lib/postgresql/data", True, False),
        ("/var/lib/postgresql/data/pgdata", "data:/var/lib/postgresql", True, False),
        ("/srv/pg", "data:/var/lib/postgresql", False, False),
        ("/srv/pg", "data:/srv", True, False),
        ("/var/lib/postgresql/18/docker", "data:/var/lib/postgresql/data", False, True),
    ],
)
def test_where_an_image_of_18_keeps_its_data(
    pgdata: str, volume: str, kept: bool, refused: bool
) -> None:
    said = f"PGDATA: {pgdata}" if pgdata else "A: b"
    text = f"""
services: {{db: {{image: 'postgres:18', environment: {{{said}}}, volumes: ['{volume}']}}}}
volumes: {{data: }}"""
    db = services(text, {})["db"]
    assert holds_data(db, volume) is kept
    assert bool(refusal(db)) is refused


def test_an_address_with_colons_stands_in_brackets() -> None:
    """Where a machine has one loopback address only, other containers are told ::1."""
    network = Network({("app", 8000): 1, ("db", 5432): 2}, database_host="::1")
    told = {
        "postgresql+asyncpg://a:b@db:5432/c": "postgresql+asyncpg://a:b@[::1]:2/c",
        "db:5432": "[::1]:2",
        "pg_isready -h db": "pg_isready -h db",
    }
    assert {each: network.rewrite_addresses("app", each) for each in told} == told
    assert re.fullmatch(r"127\.0\.0\.2|::1", elsewhere())


def test_an_image_that_nothing_stands_for_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="runs the image `redis:7`; without Docker"):
        state_of(ProcessBackend, tmp_path, "services: {cache: {image: 'redis:7'}}")
