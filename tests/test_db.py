"""`wb db`: the server of this checkout, asked, opened and stopped from the command line."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import place as place
from postgres_fixtures import reaper_of, until
from typer.testing import CliRunner

from workbook.cli import commands, db
from workbook.postgres import EmbeddedServer, attach, of_checkout, release
from workbook.postgres.layout import Layout

FAKE = """#!{python}
import os, signal, sys
{body}
"""


@pytest.fixture
def server(place: Path) -> EmbeddedServer:
    server = of_checkout()
    yield server
    server.stop()
    release()
    assert until(lambda: reaper_of(Layout(server.home)) is None)


@pytest.fixture
def psql(tmp_path, monkeypatch):
    """A program in the place of psql that does what this text says."""

    def make(body: str) -> Path:
        program = tmp_path / "psql"
        program.write_text(FAKE.format(python=sys.executable, body=body))
        program.chmod(0o755)
        monkeypatch.setattr(db, "_program", lambda: str(program))
        return program

    return make


def test_status_says_whether_the_server_runs_and_starts_none(server):
    assert "is not running; notebooks start it" in db.status()
    assert not server.running()
    attach("embedded")
    assert db.status() == (
        f"The workbook's own PostgreSQL runs on port {server.port} and takes connections."
    )


def test_status_names_the_server_of_a_url(server, monkeypatch):
    attach("embedded")
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", server.url(role="admin"))
    assert "that WORKBOOK_DATABASE_URL names; it answers" in db.status()
    release()


def test_stop_stops_the_server_for_everybody_and_says_so_once(server):
    assert db.stop() == "No server of this folder is running."
    attach("embedded")
    assert CliRunner().invoke(commands.app, ["db", "stop"]).output.startswith("The server is stop")
    assert not server.running()
    assert db.stop() == "No server of this folder is running."


def test_psql_gets_the_address_of_the_notebooks_database_and_its_code_is_ours(server, psql, capfd):
    psql("import os; print(sys.argv[1], os.environ['PGPASSWORD']); sys.exit(5)")
    assert db.psql("02") == 5
    address, password = capfd.readouterr().out.split()
    assert address.replace("@", f":{password}@") == server.url("nightwatch_02")
    assert password not in address, "every account of a machine sees command lines"


def test_psql_that_finds_no_database_names_who_makes_it(server, psql, capfd):
    psql("sys.exit(2)")
    assert db.psql("02") == 2
    assert "A notebook makes nightwatch_02 when it begins." in capfd.readouterr().out


ASKS_LATE = """
import socket, time, urllib.parse
time.sleep(3)  # three times as long as an unused server stays
socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(sys.argv[1]).port), 5)
"""


def test_the_server_stays_as_long_as_psql_and_is_let_go_afterwards(server, psql):
    psql(ASKS_LATE)
    assert db.psql("02") == 0
    assert until(lambda: not server.running())


CANCELLED = """
def cancelled(*_):
    print("cancelled", flush=True)
    sys.exit(0)
signal.signal(signal.SIGINT, cancelled)
os.kill(os.getppid(), signal.SIGINT)
os.kill(os.getpid(), signal.SIGINT)
"""


def test_ctrl_c_is_psqls_own_and_afterwards_ours_again(server, psql, capfd):
    psql(CANCELLED)
    before = signal.getsignal(signal.SIGINT)
    assert db.psql("02") == 0
    assert capfd.readouterr().out == "cancelled\n"
    assert signal.getsignal(signal.SIGINT) is before


def test_the_real_psql_answers(server, monkeypatch):
    attach("embedded")
    asked = [db._program(), server.url(), "-Atc", "SELECT current_user"]
    assert subprocess.check_output(asked, text=True) == "nightwatch\n"


def test_a_psql_that_is_nowhere_is_a_sentence(place, monkeypatch):
    monkeypatch.setattr(db.binaries, "find", lambda: (Path("/nowhere"), 18))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(db.postgres.PostgresProblem, match="There is no psql here"):
        db._program()
