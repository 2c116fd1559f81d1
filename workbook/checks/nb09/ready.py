"""09.ready: a database with a password from outside, whose health check says the truth."""

import contextlib
import tempfile
from pathlib import Path

from workbook.checks.answer import Answer, expect
from workbook.checks.nb09.compose_file import asks_often_and_waits, read_services, service_named
from workbook.checks.tcp_proxy import TcpProxy
from workbook.checks.verdict import NotYet
from workbook.postgres import probe
from workbook.postgres.binaries import find
from workbook.stack.addresses import POSTGRES
from workbook.stack.compose_file import ComposeFileError, Health, Service
from workbook.stack.network import Network
from workbook.stack.postgres_image import holds_data, refusal
from workbook.stack.process import ManagedProcess

MOMENTS = (
    ("when nothing runs", False, False, "what does your command ask at all?"),
    (
        "while the image sets itself up",
        True,
        False,
        "which address does the private server not listen on?",
    ),
    ("when the server takes connections", True, True, "what does your command ask, and whom?"),
)
"""Of a first start: whether there is a socket then, whether a port, and the question to ask."""


async def check(answer: Answer) -> None:
    """A password from outside, data that stay, and a health check that tells the truth."""
    db = service_named("db")
    if not db.postgres:
        raise NotYet(
            "services.db.image",
            got=f"it is {db.image or 'missing'}",
            wanted="a Postgres image",
            ask="which version do your tests run on?",
        )
    _password_from_outside(db)
    _keeps_its_data(db)
    expect(
        "the ports of db that others can reach",
        [port for port in db.ports if not port.startswith("127.0.0.1:")],
        [],
        "who else is in this network?",
    )
    if db.health is None:
        ask = "how does anybody know that it takes connections?"
        raise NotYet(
            "services.db.healthcheck", got="there is none", wanted="a health check", ask=ask
        )
    asks_often_and_waits(db.health)
    await _tells_the_truth(answer, db.health)


def _password_from_outside(db: Service) -> None:
    names = {key: db.environment.get(key) for key in ("POSTGRES_USER", "POSTGRES_DB")}
    names["POSTGRES_DB"] = names["POSTGRES_DB"] or names["POSTGRES_USER"]  # as the image does
    expect(
        "the user and the database",
        names,
        dict.fromkeys(names, "nightwatch"),
        "as whom will the app log in?",
    )
    ask = "who knows the password that stands in this file?"
    got = db.environment.get("POSTGRES_PASSWORD")
    expect("the password, with POSTGRES_PASSWORD=s3cret in .env", got, "s3cret", ask)
    with contextlib.suppress(ComposeFileError):
        read_services({})
        raise NotYet(
            "docker compose up, without a .env",
            got="it starts, with an empty password",
            wanted="a sentence that says what is missing",
            ask="which sign after the variable's name wants a value?",
        )


def _keeps_its_data(db: Service) -> None:
    named = [each for each in db.volumes if each[:1] not in "./~"]
    ask = f"where does an image of PostgreSQL {db.postgres} keep its data?"
    if why := refusal(db):
        raise NotYet(
            "services.db.volumes",
            got=why,
            wanted="a volume in which the data are kept",
            ask=ask,
        )
    if not any(holds_data(db, each) for each in named):
        got = ", ".join(db.volumes) or "there is none"
        raise NotYet(
            "services.db.volumes", got=got, wanted="a volume in which the data are kept", ask=ask
        )


async def _tells_the_truth(answer: Answer, health: Health) -> None:
    """Ask at three moments of a first start: nothing is there, only a socket, all of it."""
    for moment, socket, tcp, ask in MOMENTS:
        code = await _exit_code(answer, health, socket, tcp)
        wanted = "no" if not tcp else "yes"
        expect(f"the health check, {moment}", "no" if code else "yes", wanted, ask)


async def _exit_code(answer: Answer, health: Health, socket: bool, tcp: bool) -> int:
    """What the health check ends with where the server is at a socket, at a port, or at neither."""
    port = probe.free_port()
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nw-"))
        if socket:
            path = f"{folder}/.s.PGSQL.{port}"
            await stack.enter_async_context(TcpProxy(answer.url, path=path))
        if tcp:
            await stack.enter_async_context(TcpProxy(answer.url, port=port))
        words = Network({("db", POSTGRES): port}).rewrite_command("db", health.test)
        with contextlib.suppress(FileNotFoundError):
            return await _database_container(folder, port).ask(words, min(health.timeout, 5))
    return 127


def _database_container(folder: str, port: int) -> ManagedProcess:
    """Where the health check runs: with PostgreSQL's programs, and as the image sets it up."""
    place = {"PATH": f"{find()[0]}:/usr/bin:/bin", "PGHOST": folder, "PGPORT": str(port)}
    return ManagedProcess(
        Path(folder), place | {"POSTGRES_USER": "nightwatch", "POSTGRES_DB": "nightwatch"}
    )
