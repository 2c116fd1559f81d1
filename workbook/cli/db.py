"""`wb db`: the server of this checkout, from the command line."""

import os
import shutil
import signal
import subprocess
from urllib.parse import unquote, urlsplit

from workbook import postgres, workspace
from workbook.base import settings
from workbook.postgres import binaries, names
from workbook.postgres.server import Server


def database(number: str | None) -> str:
    """The database of this notebook, or of the one the learner works on."""
    notebook = None if number else workspace.next_notebook(workspace.read())
    chosen = number or (notebook.number if notebook else None)
    return f"{names.prefix()}_{chosen}" if chosen else "postgres"


def url(number: str | None) -> str:
    """The app role's address of that database; the server is started where need be."""
    return postgres.attach().url(database(number))


def when_it_answers() -> str:
    """For how long, and to whom, the address of `url` is any good, in a sentence."""
    given = settings.read()
    if given.work_outside:
        return (
            "It answers inside Docker. From your own machine: docker compose exec lab wb db psql, "
            "or publish a port: docker compose -f docker-compose.yml -f docker/db-port.yml up"
        )
    kind = postgres.attach().kind
    if kind == "embedded":
        seconds = given.keep_seconds
        return f"It answers while ./wb lab or a notebook runs, and {seconds} seconds longer."
    if kind == "testcontainers":
        return "It answered until this command ended: its container goes with the process."
    return "It answers for as long as that server runs."


def psql(number: str | None) -> int:
    """Talk to the database; the server stays for as long as that takes. The exit code."""
    address, password = _apart(url(number))
    command = [_program(), address]
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C cancels a query inside psql
    try:
        code = subprocess.call(command, preexec_fn=_listen, env=environment)
    finally:
        signal.signal(signal.SIGINT, before)
        postgres.release()
    if code == 2:
        print(f"Is the database missing? A notebook makes {database(number)} when it begins.")
    return code


def stop() -> str:
    """Stop the embedded server, for every notebook that uses it; what happened, in a sentence."""
    server = postgres.of_checkout()
    if not server.running():
        return "No server of this folder is running."
    server.stop()
    return "The server is stopped. The next notebook that begins starts it again."


def status() -> str:
    """Which server the workbook uses, in a sentence; nothing is started."""
    if settings.read().database_url:
        server: Server = postgres.attach()
        return "The workbook uses the server that WORKBOOK_DATABASE_URL names; it answers."
    server = postgres.of_checkout()
    if not server.running():
        return "The workbook's own PostgreSQL is not running; notebooks start it."
    state = "takes connections" if server.alive() else "does not take connections"
    return f"The workbook's own PostgreSQL runs on port {server.port} and {state}."


def _apart(address: str) -> tuple[str, str]:
    """The address without its password, and that: every account of a machine sees command lines."""
    parts = urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return parts._replace(netloc=f"{name}@{host}" if name else host).geturl(), unquote(password)


def _program() -> str:
    """The psql that belongs to the server, else the system's."""
    ours = binaries.find()[0] / "psql"
    found = str(ours) if ours.is_file() else shutil.which("psql")
    if not found:
        raise postgres.PostgresProblem(
            "There is no psql here. Install PostgreSQL's client, for example with: "
            "sudo apt install postgresql-client"
        )
    return found


def _listen() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
