"""Databases: made, copied, counted and removed."""

import asyncio

import asyncpg
import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from postgres_fixtures import place as place
from postgres_fixtures import server as server
from postgres_fixtures import users as users

from workbook.base.sync import run_coroutine
from workbook.postgres import EmbeddedServer, PostgresProblem, databases


def test_templates_are_made_once_by_two_at_once_and_copied(server):
    sql = "CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 5)"

    async def work() -> list[int]:
        await asyncio.gather(*(databases.ensure_template(server, "tpl", sql) for _ in range(3)))
        names = ["one", "two", "three", "one"]
        await asyncio.gather(*(databases.recreate(server, name, "tpl") for name in names))
        counts = [await count(server, name) for name in ("one", "two", "three")]
        await databases.ensure_template(server, "tpl", sql + "; DELETE FROM t WHERE n > 1")
        await databases.recreate(server, "one", "tpl")
        return [*counts, await count(server, "one")]

    assert run_coroutine(work) == [5, 5, 5, 1]


async def count(server: EmbeddedServer, database: str) -> int:
    connection = await asyncpg.connect(server.url(database))
    try:
        return await connection.fetchval("SELECT count(*) FROM t")
    finally:
        await connection.close()


def test_databases_are_made_counted_and_dropped_whoever_is_connected(server):
    async def work() -> list[object]:
        await databases.create(server, "mine")
        connection = await asyncpg.connect(server.url("mine"))
        await connection.execute("CREATE SCHEMA own")  # the owner may
        seen = [await exists(server, "mine"), await sessions(server, "mine")]
        await databases.drop(server, "mine")
        await databases.drop(server, "mine")
        connection.terminate()
        return [*seen, await exists(server, "mine")]

    assert run_coroutine(work) == [True, 1, False]


async def exists(server: EmbeddedServer, name: str) -> bool:
    return bool(await asked(server, "SELECT count(*) FROM pg_database WHERE datname = $1", name))


async def sessions(server: EmbeddedServer, name: str) -> int:
    return await asked(server, "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", name)


async def asked(server: EmbeddedServer, query: str, name: str) -> int:
    admin = await asyncpg.connect(server.url(role="admin"))
    try:
        return await admin.fetchval(query, name)
    finally:
        await admin.close()


@pytest.mark.parametrize("name", ["", "Big", "a b", 'a"b', "1a", "a" * 64, "a;drop"])
def test_a_name_that_is_not_plain_is_refused(server, name):
    with pytest.raises(PostgresProblem, match="no name for a database"):
        run_coroutine(lambda: databases.create(server, name))


def test_what_the_server_refuses_is_a_sentence(server):
    with pytest.raises(PostgresProblem, match='"nothing" does not exist'):
        run_coroutine(lambda: databases.create(server, "copy", "nothing"))
