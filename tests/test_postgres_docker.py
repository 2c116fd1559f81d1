"""Servers in containers: run for real where an engine answers, a sentence where none does."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import yaml
from postgres_fixtures import clean as clean
from postgres_fixtures import started_here as started_here

from workbook.base.sync import run_coroutine
from workbook.postgres import PostgresProblem, Server, attach, compose, databases, release
from workbook.postgres.docker import INITDB, engine, server_options
from workbook.postgres.probe import free_port

NO_ENGINE = not engine()
needs_engine = pytest.mark.skipif(NO_ENGINE, reason="no Docker engine answers here")


@pytest.fixture
def docker(clean: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A Compose project of this test's own."""
    monkeypatch.delenv("WORKBOOK_DOCKER")
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", f"workbook-test-{os.getpid()}")
    monkeypatch.setenv("WORKBOOK_DB_PORT", str(free_port()))
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    yield
    release()
    command = ["docker", "compose", "--file", str(compose.FILE), "down", "--volumes", "-t", "3"]
    subprocess.run(command, capture_output=True, timeout=60)


def facts(server: Server) -> tuple[str, ...]:
    async def work() -> tuple[str, ...]:
        await databases.ensure_template(server, "tpl", "CREATE TABLE t (n int)")
        await databases.recreate(server, "copy", "tpl")
        connection = await asyncpg.connect(server.url("copy", role="admin"))
        query = """SELECT pg_get_userbyid(datdba)::text, datcollate::text, upper('ä'),
            (pg_read_file('log/postgres.json') <> '')::text, current_setting('max_connections')
            FROM pg_database WHERE datname = 'copy'"""
        row = await connection.fetchrow(query)
        await connection.close()
        return tuple(row)

    return run_coroutine(work)


def restarts_on_its_port(server: Server) -> None:
    before = server.url()
    for mode in ("fast", "immediate"):
        server.stop(mode)
        server.start()
        assert server.alive()
        assert server.url() == before


@needs_engine
def test_compose_is_started_when_asked_for_and_found_when_it_runs(docker):
    server = attach("compose")
    assert facts(server) == ("nightwatch", "C", "Ä", "true", "50")
    restarts_on_its_port(server)
    release()
    assert attach().kind == "compose"
    server.stop()
    assert not server.alive()
    assert compose.running() is None


@needs_engine
def test_a_test_container_is_started_and_restarts(docker):
    server = attach("testcontainers")
    assert facts(server) == ("nightwatch", "C", "Ä", "true", "50")
    port = urlsplit(server.url()).port
    listed = ["docker", "ps", f"--filter=publish={port}", "--format={{.Ports}}"]
    said = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    assert said.strip() == f"127.0.0.1:{port}->5432/tcp"
    restarts_on_its_port(server)
    release()
    assert not server.alive()


def test_compose_and_testcontainers_have_the_settings_of_our_own_server():
    service = yaml.safe_load(compose.FILE.read_text())["services"]["db"]
    assert service["command"] == server_options()
    assert service["environment"]["POSTGRES_INITDB_ARGS"] == INITDB
    assert "-h" in service["healthcheck"]["test"]


@pytest.mark.parametrize("choice", ["compose", "testcontainers"])
def test_docker_that_is_off_or_absent_is_a_sentence(choice, clean, monkeypatch):
    with pytest.raises(PostgresProblem, match="WORKBOOK_DOCKER is off"):
        attach(choice)
    monkeypatch.delenv("WORKBOOK_DOCKER")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(PostgresProblem, match="No Docker engine answers here"):
        attach(choice)


def test_looking_for_compose_starts_no_process_where_there_is_no_engine(
    clean, started_here, monkeypatch
):
    monkeypatch.delenv("WORKBOOK_DOCKER")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    assert compose.running() is None
    assert started_here == []
