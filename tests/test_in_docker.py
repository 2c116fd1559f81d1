"""What is special inside the container of `docker compose up`: the way in, and the host's words."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest

from workbook.base import paths
from workbook.cli import db, status
from workbook.cli.doctor import parts
from workbook.postgres import PostgresProblem, attach, external
from workbook.postgres.probe import free_port

OUTSIDE = "/home/me/night watch/work"


@pytest.fixture
def as_owner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script that the container begins with, and a place for its password."""
    spec = importlib.util.spec_from_file_location("as_owner", paths.ROOT / "docker/as_owner.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PASSWORD", tmp_path / "password")
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", "postgresql://nightwatch@db:5432/postgres")
    monkeypatch.setenv("WORKBOOK_ADMIN_URL", "postgresql://workbook@db:5432/postgres")
    return module


@pytest.mark.parametrize("password", ["plain", "p@ss/w:rd", "#%?' \\[ü]"])
def test_any_password_makes_an_address_that_says_it(password, as_owner):
    as_owner.PASSWORD.write_text(password, "utf-8")
    as_owner.let_in()
    for name, role in (("DATABASE", "nightwatch"), ("ADMIN", "workbook")):
        parts = urlsplit(os.environ[f"WORKBOOK_{name}_URL"])
        assert (parts.username, unquote(parts.password or "")) == (role, password)
        assert (parts.hostname, parts.port, parts.path) == ("db", 5432, "/postgres")


def test_an_address_with_a_password_of_its_own_is_left_alone(as_owner, monkeypatch):
    own = "postgresql://me:mine@elsewhere:5432/postgres"
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", own)
    monkeypatch.delenv("WORKBOOK_ADMIN_URL")
    as_owner.let_in()
    as_owner.PASSWORD.write_text("secret")
    as_owner.let_in()
    assert os.environ["WORKBOOK_DATABASE_URL"] == own
    assert "WORKBOOK_ADMIN_URL" not in os.environ


def test_the_status_names_the_files_as_the_host_does(monkeypatch):
    assert status.text().endswith(f"Your files: {paths.work()}")
    monkeypatch.setenv("WORKBOOK_WORK_OUTSIDE", OUTSIDE)
    assert status.text().endswith(f"Your files: {OUTSIDE}")


def test_an_address_of_the_container_comes_with_the_way_from_outside(monkeypatch):
    monkeypatch.setenv("WORKBOOK_WORK_OUTSIDE", OUTSIDE)
    said = db.when_it_answers()
    assert "inside Docker" in said
    assert "docker compose exec lab wb db psql" in said
    assert "seconds" not in said


def test_what_cannot_be_unset_in_the_container_is_not_advised_there(monkeypatch):
    """Its address is in docker-compose.yml, and no shell of the container can change that."""
    monkeypatch.setenv("WORKBOOK_WORK_OUTSIDE", OUTSIDE)
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", f"postgresql://me@127.0.0.1:{free_port()}/postgres")
    with pytest.raises(PostgresProblem) as caught:
        attach()
    [finding] = parts._named_server()
    server = external.ExternalServer(urlsplit("postgresql://me@db:5432/postgres"))
    with pytest.raises(PostgresProblem) as stopped:
        server.stop()
    said = [str(caught.value), f"{finding.what} {finding.repair}", str(stopped.value)]
    assert not [each for each in said if re.search("unset", each, re.I)]
    assert all("on your own machine" in each.lower() for each in said)


@pytest.mark.skipif(not shutil.which("docker"), reason="there is no docker command here")
@pytest.mark.parametrize("files", [[], ["-f", "docker-compose.yml", "-f", "docker/db-port.yml"]])
@pytest.mark.parametrize("password", ["", "p@ss/w:rd$x #'\""])
def test_the_compose_file_can_be_read_in_a_fresh_clone(password, files):
    environment = os.environ | {"WORKBOOK_DB_PASSWORD": password}
    command = ["docker", "compose", *files, "--profile", "app", "config", "--quiet"]
    done = subprocess.run(
        command, cwd=paths.ROOT, env=environment, capture_output=True, text=True, timeout=30
    )
    if "is not a docker command" in done.stderr:
        pytest.skip("Compose 2 is missing here")
    assert (done.returncode, done.stderr) == (0, "")
