"""A server named by WORKBOOK_DATABASE_URL: used as it is, and each misfit gets its own sentence."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import reaper_of, started, until

from workbook.base.sync import run_coroutine
from workbook.postgres import (
    EmbeddedServer,
    PostgresProblem,
    Server,
    attach,
    databases,
    external,
    new_private_cluster,
    release,
)
from workbook.postgres.layout import Layout
from workbook.postgres.probe import free_port

ROLES = """
CREATE ROLE guest LOGIN CREATEDB PASSWORD 'p@ss/word';
CREATE ROLE reader LOGIN CREATEDB PASSWORD 'r';
ALTER ROLE reader SET default_transaction_read_only = on;
CREATE ROLE humble LOGIN PASSWORD 'h';
"""


@pytest.fixture(scope="module")
def host() -> Iterator[EmbeddedServer]:
    top = Path(tempfile.mkdtemp(prefix="workbook-tests-"))
    top.chmod(0o755)
    with started(new_private_cluster(top / "server")) as server:
        run_coroutine(lambda: execute(server, ROLES))
        yield server
    assert until(lambda: reaper_of(Layout(server.home)) is None)
    shutil.rmtree(top)


@pytest.fixture
def address(host: EmbeddedServer, clean: None) -> Iterator[str]:
    yield f"postgresql+asyncpg://guest:p%40ss%2Fword@127.0.0.1:{host.port}/postgres"
    release()


async def execute(server: Server, sql: str) -> None:
    connection = await asyncpg.connect(server.url(role="admin"))
    await connection.execute(sql)
    await connection.close()


def sentence(monkeypatch: pytest.MonkeyPatch, address: str) -> str:
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", address)
    with pytest.raises(PostgresProblem) as problem:
        attach("embedded")
    said = str(problem.value)
    assert "unset WORKBOOK_DATABASE_URL" in said
    assert "secret" not in said
    return said


def test_a_given_server_is_used_with_or_without_a_driver_in_its_url(address, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", address)
    server = attach("embedded")
    assert server.kind == "url"
    assert attach("embedded") is server
    assert server.url("other") == address.replace("+asyncpg", "").replace("/postgres", "/other")
    assert server.alive()


def test_attaching_works_inside_a_running_event_loop(address, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", address)

    async def work() -> bool:
        return attach().alive()

    assert asyncio.run(work())


def test_a_given_server_is_never_stopped(address, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", address)
    server = attach()
    with pytest.raises(PostgresProblem, match="is not the workbook's"):
        server.stop()
    assert server.alive()


def test_a_given_server_that_was_lost_is_said_at_the_next_attach(clean, monkeypatch):
    top = Path(tempfile.mkdtemp(prefix="workbook-tests-"))
    top.chmod(0o755)
    with started(new_private_cluster(top / "server")) as host:
        monkeypatch.setenv("WORKBOOK_DATABASE_URL", host.url(role="admin"))
        attach()
    with pytest.raises(PostgresProblem, match=r"does not answer\. Start it"):
        attach()
    release()
    assert until(lambda: reaper_of(Layout(host.home)) is None)
    shutil.rmtree(top)


@pytest.mark.parametrize(
    "bad", ["garbage", "mysql://u:secret@h/d", "postgresql://", "postgres://h:x/"]
)
def test_what_is_no_url_of_a_postgres_server_is_said(bad, clean, monkeypatch):
    assert "is not the URL of a PostgreSQL server" in sentence(monkeypatch, bad)


def test_a_wrong_password_is_said_without_the_password(address, monkeypatch):
    wrong = address.replace("p%40ss%2Fword", "secret")
    assert "refuses this user and password" in sentence(monkeypatch, wrong)


def test_an_unknown_database_is_said(address, monkeypatch):
    wrong = address.replace("/postgres", "/nowhere")
    assert "has no database nowhere" in sentence(monkeypatch, wrong)


def test_a_closed_port_is_said(clean, monkeypatch):
    port = free_port()
    said = sentence(monkeypatch, f"postgresql://u:secret@127.0.0.1:{port}/d")
    assert f"Nothing answers at 127.0.0.1:{port}" in said


def test_an_unknown_host_is_said(clean, monkeypatch):
    said = sentence(monkeypatch, "postgresql://u:secret@no-such-host.invalid/d")
    assert "No host is called no-such-host.invalid" in said


def test_a_server_that_says_nothing_is_given_up(clean, monkeypatch):
    monkeypatch.setattr(external, "CONNECT_TIMEOUT", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        said = sentence(monkeypatch, f"postgresql://u:secret@127.0.0.1:{port}/d")
    assert "did not answer within" in said


def test_a_read_only_server_is_said(address, monkeypatch):
    reader = address.replace("guest:p%40ss%2Fword", "reader:r")
    assert "only allows reading" in sentence(monkeypatch, reader)


def test_a_role_that_may_not_create_databases_is_said(address, monkeypatch):
    humble = address.replace("guest:p%40ss%2Fword", "humble:h")
    assert "does not let humble create databases" in sentence(monkeypatch, humble)


def test_an_old_server_is_said():
    facts = {"major": 14, "read_only": False, "may_create": True, "role": "guest"}
    assert "is PostgreSQL 14; use version 15 or later" in external._unfit(facts)


def test_an_admin_makes_the_role_and_the_databases(host, clean, monkeypatch):
    address = f"postgresql://newcomer:it%27s%20new@127.0.0.1:{host.port}/postgres"
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", address)
    monkeypatch.setenv("WORKBOOK_ADMIN_URL", host.url(role="admin"))
    for _ in range(2):
        server = attach()
        assert server.url("x") == address.replace("/postgres", "/x")
        assert server.url("x", role="admin") == host.url("x", role="admin")
        run_coroutine(partial(databases.recreate, server, "newcomers"))
        release()
    owner = "SELECT pg_get_userbyid(datdba), rolsuper FROM pg_database, pg_roles"
    owner += " WHERE datname = 'newcomers' AND rolname = 'newcomer'"
    assert ask(host, owner) == ("newcomer", False)


def test_an_admin_who_is_refused_is_said(address, host, monkeypatch):
    monkeypatch.setenv("WORKBOOK_ADMIN_URL", f"postgresql://boss:secret@127.0.0.1:{host.port}/x")
    assert "refuses this user and password" in sentence(monkeypatch, address)


def ask(server: Server, query: str) -> tuple[object, ...]:
    async def work() -> tuple[object, ...]:
        connection = await asyncpg.connect(server.url(role="admin"))
        row = await connection.fetchrow(query)
        await connection.close()
        return tuple(row)

    return run_coroutine(work)


def test_databases_of_others_are_left_alone(address, host, monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", address)
    server = attach()

    async def work() -> list[str]:
        await databases.ensure_template(server, "tpl", "CREATE TABLE t (n int)")
        await databases.recreate(server, "ours", "tpl")
        await databases.recreate(server, "ours", "tpl")
        await execute(host, "CREATE DATABASE foreign_one OWNER guest")
        said = [await refusal(server, "foreign_one")]
        monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
        said.append(await refusal(server, "ours"))
        return said

    unmade, others = run_coroutine(work)
    assert "was not made by the workbook" in unmade
    assert "belongs to another workbook" in others
    assert "Set WORKBOOK_DATABASE_PREFIX" in others


def test_what_a_learner_made_beside_a_notebooks_database_may_go(address, host, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", address)
    server = attach()

    async def work() -> None:
        await execute(host, "CREATE DATABASE mine_08_tests")
        assert "was not made by the workbook" in await refusal(server, "mine_08_tests")
        await databases.recreate(server, "mine_08")
        await execute(host, "ALTER DATABASE mine_08_tests OWNER TO guest")
        await databases.drop(server, "mine_08_tests")
        with pytest.raises(asyncpg.InvalidCatalogNameError):
            await asyncpg.connect(server.url("mine_08_tests"))

    run_coroutine(work)


async def refusal(server: Server, name: str) -> str:
    with pytest.raises(PostgresProblem) as problem:
        await databases.recreate(server, name)
    return str(problem.value)
