"""Servers in containers: run for real where an engine answers, a sentence where none does."""

import os
import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest
import yaml
from postgres_fixtures import clean as clean
from postgres_fixtures import started_here as started_here

from workbook.base import paths
from workbook.base.sync import run_coroutine
from workbook.cli.doctor import network
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


ODD = "p@ss/w:rd #%?'\\"


def lets_in(address: str) -> bool:
    """Whether the server at this address takes this user and password."""

    async def work() -> bool:
        try:
            connection = await asyncpg.connect(address, timeout=5)
        except asyncpg.InvalidPasswordError:
            return False
        await connection.close(timeout=1)
        return True

    return run_coroutine(work)


def addresses_of(service: str) -> list[str]:
    """Its addresses on Docker's bridges, which every account of a Linux machine can reach."""
    command = ["docker", *compose._words("ps", "--quiet", service)]
    container = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    form = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
    command = ["docker", "inspect", f"--format={form}", container]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@needs_engine
def test_compose_lets_nobody_in_who_only_knows_the_workbook(docker, monkeypatch):
    monkeypatch.delenv("WORKBOOK_DB_PASSWORD", raising=False)
    server = attach("compose")
    parts = urlsplit(server.url(role="admin"))
    assert len(parts.password or "") > 40
    places = [parts.netloc.rpartition("@")[2], *(f"{ip}:5432" for ip in addresses_of("db"))]
    assert len(places) > 1
    for place in places:
        for role in ("workbook", "nightwatch"):
            assert not lets_in(f"postgresql://{role}:nightwatch@{place}/postgres")


@needs_engine
def test_a_password_that_was_changed_is_the_one_that_counts(docker, monkeypatch):
    """The data of the earlier start are kept, and the earlier password is worth nothing."""
    for password in ("nightwatch", ODD, ""):
        monkeypatch.setenv("WORKBOOK_DB_PASSWORD", password)
        server = attach("compose")
        assert unquote(urlsplit(server.url()).password or "") == (password or ODD)
        assert lets_in(server.url())
        assert lets_in(server.url(role="admin"))
        server.stop()
        release()


@needs_engine
def test_a_second_checkout_finds_the_usual_port_taken_and_has_another(docker, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as first:
        monkeypatch.setattr(compose, "USUAL_PORT", first.getsockname()[1])
        monkeypatch.delenv("WORKBOOK_DB_PORT")
        server = attach("compose")
        assert urlsplit(server.url()).port != compose.USUAL_PORT
        restarts_on_its_port(server)


def test_the_usual_port_is_left_to_the_file_where_it_is_free(monkeypatch):
    port = free_port()
    monkeypatch.setattr(compose, "USUAL_PORT", port)
    assert compose._another_port() == 0
    with socket.create_server(("127.0.0.1", port)):
        assert compose._another_port() not in (0, port)
    assert f":-{54329}}}" in compose.PORT_FILE.read_text()


def test_two_checkouts_of_one_name_have_a_project_each(monkeypatch):
    monkeypatch.delenv("COMPOSE_PROJECT_NAME", raising=False)
    found = set()
    for top in ("/home/me", "/srv"):
        monkeypatch.setattr(paths, "ROOT", Path(top, "Night Watch"))
        found.add(compose.project())
        assert compose._words("ps")[1:3] == ["--project-name", compose.project()]
    assert len(found) == 2
    assert all(re.fullmatch("night-watch-[0-9a-f]{8}", each) for each in found)
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", "mine")
    assert compose.project() == "mine"


def test_the_database_has_no_port_of_this_machine_and_no_password_that_is_written_down():
    services = yaml.safe_load(compose.FILE.read_text())["services"]
    assert "ports" not in services["db"]
    for service in services.values():
        values = service.get("environment", {}).values()
        assert not [each for each in values if re.search(r":[^/@]+@|:-nightwatch}@", str(each))]
    assert services["db"]["environment"]["POSTGRES_PASSWORD"] == "${WORKBOOK_DB_PASSWORD:-}"


NO_COMPOSE = """#!/bin/sh
case $1 in
  version) echo 28.0.0 ;;
  *) echo "docker: 'compose' is not a docker command." >&2; exit 1 ;;
esac
"""


@pytest.fixture
def docker_without_compose(clean: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command as Debian's docker.io brings it, and an engine that listens."""
    with tempfile.TemporaryDirectory() as top, socket.socket(socket.AF_UNIX) as engine:
        (command := Path(top, "docker")).write_text(NO_COMPOSE)
        command.chmod(0o755)
        engine.bind(f"{top}/engine")
        engine.listen()
        monkeypatch.delenv("WORKBOOK_DOCKER")
        monkeypatch.setenv("PATH", f"{top}:{os.environ['PATH']}")
        monkeypatch.setenv("DOCKER_HOST", f"unix://{top}/engine")
        yield


def test_docker_without_compose_is_a_sentence(docker_without_compose):
    with pytest.raises(PostgresProblem, match=r"Compose 2 is missing\. Install it") as caught:
        attach("compose")
    assert "WORKBOOK_DB_PORT" not in str(caught.value)
    assert attach().kind == "embedded"


def test_the_doctor_sees_that_compose_is_missing(docker_without_compose):
    [finding] = network.docker()
    assert "28.0.0 runs, and Compose 2 is missing" in finding.what
    assert "docker-compose-plugin" in finding.what
