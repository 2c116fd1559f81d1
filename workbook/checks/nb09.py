"""Checks of notebook 09: an image, a database that says the truth, a migration, an app that ends.

They read the files as data, and try out what can be tried out with plain processes.
"""

import asyncio
import contextlib
import re
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from workbook.base.urls import for_sqlalchemy
from workbook.checks import images
from workbook.checks.answer import Answer, expect
from workbook.checks.line import pass_on
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet
from workbook.postgres import probe
from workbook.postgres.binaries import find
from workbook.stack import Stack, dockerfile, image_files
from workbook.stack.addresses import POSTGRES, WEB
from workbook.stack.box import Box, programs
from workbook.stack.compose_file import ComposeFileError, Health, Service, services
from workbook.stack.dockerfile import DockerfileError
from workbook.stack.network import Network, listens
from workbook.stack.postgres_image import holds_data, refusal
from workbook.stack.process_backend import ProcessBackend

FILE = "docker-compose.yml"
SECRET = {"POSTGRES_PASSWORD": "s3cret"}


def _read(variables: dict[str, str]) -> dict[str, Service]:
    return services(Path(FILE).read_text("utf-8"), variables)


def _service(name: str) -> tuple[Service, dict[str, Service]]:
    """The learner's service and all of them; NotYet where the file cannot be used."""
    try:
        found = _read(SECRET)
    except ComposeFileError as error:
        ask = "which line would Compose stumble over, or miss?"
        raise NotYet(FILE, str(error), "a file that Compose can use", ask) from None
    if name not in found:
        ask = "under which name do the others look for it?"
        raise NotYet(FILE, f"it has {', '.join(found)}", f"a service `{name}`", ask)
    return found[name], found


# An image


@checks("09.image")
async def image(answer: Answer) -> None:
    """Cached packages, no secrets, no root, and a first process that hears a signal."""
    text, ignore = Path("Dockerfile").read_text("utf-8"), Path(".dockerignore").read_text("utf-8")
    try:
        images.packages(text)
        images.private(text, ignore)
        with tempfile.TemporaryDirectory(prefix="nightwatch-check-") as place:
            image_files.extract_workdir(text, ignore, Path.cwd(), Path(place))
            await _works(answer, text, Path(place))
    except DockerfileError as error:
        ask = "what would `docker build` say to it?"
        raise NotYet("Dockerfile", str(error), "a file that can be built", ask) from None


async def _works(answer: Answer, text: str, place: Path) -> None:
    """Try out what the image holds: migrate, serve, stop in the middle of a request."""
    argv = dockerfile.command(text)
    shown, whole = " ".join(argv) or "nothing", " ".join((*argv, *_env(text)))
    if not {"0.0.0.0", "::"} & set(re.split(r"[\s='\"]", whole)):
        ask = "where do the requests come from, seen from inside?"
        raise NotYet("docker run", f"it runs {shown}", "a server on the container's address", ask)
    if not re.search(r"timeout.graceful.shutdown\W+20\b", whole, re.I):
        ask = "how long does the server wait for a request that is running?"
        raise NotYet("docker stop", f"it runs {shown}", "20 seconds for running requests", ask)
    await answer.clear()
    await _migrates(answer, text, place)
    (place / "Dockerfile").write_text(text, "utf-8")
    async with Stack(
        ProcessBackend(place, _alone(answer), longest_grace=3, fail_early=True)
    ) as stack:
        found = (await stack.up()).rows[0]
        said = [line.text for line in stack.logs["app"]][-1:]
        if found[1] != "healthy":
            raise NotYet("docker run", f"{found[1]}: {' '.join(said)}"[:150], "a server that runs",
                         "which file or command does it look for?")  # fmt: skip
        rows = (await stack.interrupt("app", "/teams", {"name": "night"})).rows
    got = tuple(str(row[1]) for row in rows)
    expect("docker stop, in the middle of a request", got, ("answered: 201", "exited (0)"),
           "which process gets the signal, and does it pass it on?")  # fmt: skip


def _env(text: str) -> list[str]:
    return [step.rest for step in dockerfile.stages(text)[-1].steps if step.kind == "ENV"]


async def _migrates(answer: Answer, text: str, place: Path) -> None:
    env = {"DATABASE_URL": for_sqlalchemy(answer.url), "PATH": programs()}
    box = Box(place, env)
    upgrade = dockerfile.command(text, ("alembic", "upgrade", "head"))
    if upgrade[0] != "alembic" and "alembic" not in upgrade[1:2]:
        ask = "what becomes of another command, behind an ENTRYPOINT?"
        raise NotYet("docker run … alembic upgrade head", f"it runs {' '.join(upgrade)}"[:150],
                     "the migrations of the app", ask)  # fmt: skip
    code = await box.run(upgrade, 20)
    if code:
        said = box.log[-1].text if box.log else ""
        raise NotYet("docker run … alembic upgrade head", f"it ended with {code}: {said}"[:150],
                     "the migrations of the app", "which files does Alembic read?")  # fmt: skip


def _alone(answer: Answer) -> str:
    """The image alone, on the database of this check."""
    return f"""
services:
  app:
    build: .
    environment:
      DATABASE_URL: {for_sqlalchemy(answer.url)}
    healthcheck:
      test: {READY}
      interval: 1s
      retries: 60
"""


READY = (
    """["CMD", "python", "-c","""
    """ "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez')"]"""
)

# A database that says the truth


@checks("09.ready")
async def ready(answer: Answer) -> None:
    """A password from outside, data that stay, and a health check that tells the truth."""
    db, _ = _service("db")
    if not db.postgres:
        raise NotYet("services.db.image", f"it is {db.image or 'missing'}", "a Postgres image",
                     "which version do your tests run on?")  # fmt: skip
    _secret(db)
    _kept(db)
    expect("the ports of db that others can reach",
           [port for port in db.ports if not port.startswith("127.0.0.1:")], [],
           "who else is in this network?")  # fmt: skip
    if db.health is None:
        ask = "how does anybody know that it takes connections?"
        raise NotYet("services.db.healthcheck", "there is none", "a health check", ask)
    _patience(db.health)
    await _truthful(answer, db.health)


def _secret(db: Service) -> None:
    names = {key: db.environment.get(key) for key in ("POSTGRES_USER", "POSTGRES_DB")}
    names["POSTGRES_DB"] = names["POSTGRES_DB"] or names["POSTGRES_USER"]  # as the image does
    expect("the user and the database", names, dict.fromkeys(names, "nightwatch"),
           "as whom will the app log in?")  # fmt: skip
    ask = "who knows the password that stands in this file?"
    got = db.environment.get("POSTGRES_PASSWORD")
    expect("the password, with POSTGRES_PASSWORD=s3cret in .env", got, "s3cret", ask)
    with contextlib.suppress(ComposeFileError):
        _read({})
        raise NotYet("docker compose up, without a .env", "it starts, with an empty password",
                     "a sentence that says what is missing",
                     "which sign after the variable's name wants a value?")  # fmt: skip


def _kept(db: Service) -> None:
    named = [each for each in db.volumes if each[:1] not in "./~"]
    ask = f"where does an image of PostgreSQL {db.postgres} keep its data?"
    if why := refusal(db):
        raise NotYet("services.db.volumes", why, "a volume in which the data are kept", ask)
    if not any(holds_data(db, each) for each in named):
        got = ", ".join(db.volumes) or "there is none"
        raise NotYet("services.db.volumes", got, "a volume in which the data are kept", ask)


def _patience(health: Health) -> None:
    """Questions are short and frequent, and the first start may take its time."""
    if health.interval > 10 or health.timeout > 30:
        ask = "how long does everybody else wait for the next answer?"
        got = f"{health.interval:g} s between two questions, {health.timeout:g} s for an answer"
        raise NotYet("healthcheck.interval", got, "a question every 10 s at least", ask)
    whole = health.start_period + health.interval * health.retries
    if whole < 30:
        ask = "how often may it say no before Compose gives up?"
        raise NotYet("a start that takes 30 seconds", f"unhealthy after {whole:g} s",
                     "a health check that waits for it", ask)  # fmt: skip


async def _truthful(answer: Answer, health: Health) -> None:
    """Ask at three moments of a first start: nothing is there, only a socket, all of it."""
    for moment, socket, tcp, ask in (
        ("when nothing runs", False, False, "what does your command ask at all?"),
        ("while the image sets itself up", True, False,
         "which address does the private server not listen on?"),
        ("when the server takes connections", True, True, "what does your command ask, and whom?"),
    ):  # fmt: skip
        code = await _asked(answer, health, socket, tcp)
        wanted = "no" if not tcp else "yes"
        expect(f"the health check, {moment}", "no" if code else "yes", wanted, ask)


async def _asked(answer: Answer, health: Health, socket: bool, tcp: bool) -> int:
    port = probe.free_port()
    async with contextlib.AsyncExitStack() as stack:
        room = stack.enter_context(tempfile.TemporaryDirectory(prefix="nw-"))
        if socket:
            await stack.enter_async_context(_relay(answer, path=f"{room}/.s.PGSQL.{port}"))
        if tcp:
            await stack.enter_async_context(_relay(answer, host="127.0.0.1", port=port))
        env = {"PATH": f"{find()[0]}:/usr/bin:/bin", "PGHOST": room, "PGPORT": str(port)}
        words = Network({("db", POSTGRES): port}).rewrite_command("db", health.test)
        with contextlib.suppress(FileNotFoundError):
            own = {"POSTGRES_USER": "nightwatch", "POSTGRES_DB": "nightwatch"}
            return await Box(Path(room), env | own).ask(words, min(health.timeout, 5))
    return 127


@contextlib.asynccontextmanager
async def _relay(answer: Answer, path: str = "", **where: object) -> AsyncIterator[None]:
    """A door to this check's server: at a socket, or at a port."""
    there = urlsplit(answer.url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other = await asyncio.open_connection(there.hostname, there.port)
        ways = (pass_on(reader, other[1]), pass_on(other[0], writer))
        await asyncio.gather(*ways, return_exceptions=True)

    if path:
        server = await asyncio.start_unix_server(serve, path)
    else:
        server = await asyncio.start_server(serve, **where)  # type: ignore[arg-type]
    try:
        yield
    finally:
        server.close()


# Once, before the app


@checks("09.migrate")
async def migrate(answer: Answer) -> None:
    """After a healthy database, with its own password, once, and to the end."""
    service, _ = _service("migrate")
    _ours(service)
    _url("migrate")
    expect("what migrate waits for", service.after.get("db"), "service_healthy",
           "started, or ready?")  # fmt: skip
    expect("whether it is started again when it is done",
           service.restart in ("always", "unless-stopped"), False,
           "when is a migration over?")  # fmt: skip
    away, _ = await _once(service, AWAY)
    expect("the exit code, with no database there", "0" if away == 0 else "not 0", "not 0",
           "how does the app learn that the migration failed?")  # fmt: skip
    await answer.clear()
    code, said = await _once(service, for_sqlalchemy(answer.url))
    count = await answer.observer.fetchval(
        "SELECT count(*) FROM pg_tables WHERE tablename IN ('alembic_version', 'alert')"
    )
    expect(f"`{' '.join(service.command or ())}`: exit code and tables{said}", (code, count),
           (0, 2), "which command brings a database up to date?")  # fmt: skip


def _ours(service: Service) -> None:
    if not service.build:
        ask = "which image holds the app and its migrations?"
        raise NotYet(f"services.{service.name}", "it has no `build`", "the app's own image", ask)


def _url(name: str) -> None:
    """The URL fits what the database was told, whatever the password is."""
    for password in ("s3cret", "0ther"):
        every = _read({"POSTGRES_PASSWORD": password})
        got = every[name].environment.get("DATABASE_URL", "")
        wanted = f"postgresql+asyncpg://nightwatch:{password}@db:5432/nightwatch"
        found = urlsplit(got)
        shape = (found.scheme, found.username, found.password, found.hostname,
                 found.port or 5432, found.path)  # fmt: skip
        fits = ("postgresql+asyncpg", "nightwatch", password, "db", 5432, "/nightwatch")
        if shape != fits:
            ask = "who is `localhost` inside a container, and who sets the password?"
            raise NotYet(f"DATABASE_URL of {name}, with POSTGRES_PASSWORD={password}",
                         got or "it is not set", wanted, ask)  # fmt: skip


SECONDS = 8.0
"""A migration of this size takes one or two."""
AWAY = "postgresql+asyncpg://nobody@127.0.0.1:9/nowhere"


async def _once(service: Service, url: str) -> tuple[int, str]:
    words = dockerfile.command(Path("Dockerfile").read_text("utf-8"), service.command)
    box, network = _lonely(service, url)
    began = time.monotonic()
    code = await box.run(network.rewrite_command(service.name, words), SECONDS) if words else 127
    if time.monotonic() - began > SECONDS:
        raise NotYet(f"`{' '.join(words)}`, and waited for its end",
                     f"it still ran after {SECONDS:.0f} seconds", "a command that ends",
                     "when is a migration over?")  # fmt: skip
    return code, f" ({box.log[-1].text[:60]})" if box.log else ""


def _lonely(service: Service, url: str) -> tuple[Box, Network]:
    """A container of the app's image with no other beside it, and the port that it has here."""
    network = Network()
    network.join([service])
    port = str(network.port(service.name, WEB))
    env = {"PATH": programs(), "DATABASE_URL": url, "UVICORN_PORT": port}
    return Box(Path.cwd(), env), network


# The app


@checks("09.app")
async def app(answer: Answer) -> None:
    """After the migration, on this machine only, asked about itself, ended in time."""
    service, _ = _service("app")
    _ours(service)
    _url("app")
    expect("what app waits for", service.after.get("migrate"), "service_completed_successfully",
           "may it run on the old schema?")  # fmt: skip
    _published(service)
    expect("whether it comes back after a crash", service.restart.partition(":")[0] in (
        "always", "unless-stopped", "on-failure"), True, "who starts it at 3 AM?")  # fmt: skip
    if service.health is None:
        ask = "running, or able to serve?"
        raise NotYet("services.app.healthcheck", "there is none", "a health check", ask)
    _patience(service.health)
    _at_hand(service.health)
    if service.grace <= 20:
        ask = "who ends first: the server, or Docker's patience?"
        raise NotYet("a request that takes 20 seconds", f"SIGKILL after {service.grace:g} s",
                     "more time for the container than for its server", ask)  # fmt: skip
    await _runs(answer, service)


def _at_hand(health: Health) -> None:
    """The question is asked with what the image has."""
    missing = re.search(
        r"(?<![\w/.-])(curl|wget|nc|http)(?=\s|$)|\b(?:import|from)\s+(httpx|requests|aiohttp)\b",
        " ".join(health.test),
    )
    if missing:
        raise NotYet("docker exec app …", f"{missing[1] or missing[2]}: not found",
                     "a question that the image can ask", "what does the image have?")  # fmt: skip


def _published(service: Service) -> None:
    moved = _read(SECRET | {"APP_PORT": "8077"})["app"].ports
    shown = ", ".join(service.ports) or "none"
    ask = "on which addresses of your laptop should this be open?"
    if moved != ("127.0.0.1:8077:8000",):
        raise NotYet("services.app.ports", shown, "port 8000 of the container, on 127.0.0.1", ask)


async def _runs(answer: Answer, service: Service) -> None:
    """The whole stack, replayed; then the app alone, on a database that is away."""
    text = Path(FILE).read_text("utf-8")
    async with Stack(ProcessBackend(Path.cwd(), text, longest_grace=3, fail_early=True)) as stack:
        rows = (await stack.up(ends=["migrate"])).rows
        states = {str(row[0]): str(row[1]) for row in rows}
        expect("docker compose up", states.get("app"), "healthy",
               "what does your health check ask, and whom?")  # fmt: skip
        found = (await stack.interrupt("app", "/teams", {"name": "night"})).rows
    got = tuple(str(row[1]) for row in found)
    expect("docker compose stop, in the middle of a request", got,
           ("answered: 201", "exited (0)"), "which process gets the signal?")  # fmt: skip
    expect("the health check, while the database is away",
           "no" if await _alone_says(service, AWAY) else "yes", "no",
           "alive, or ready: which of the two can a client use?")  # fmt: skip
    await answer.clear()
    await _alone_says(service, for_sqlalchemy(answer.url))
    migrated = await answer.observer.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
    expect("whether the app migrates too", migrated, False, "whose work is it?")


async def _alone_says(service: Service, url: str) -> int:
    """What the health check of a lonely app says, once it listens; its exit code."""
    box, network = _lonely(service, url)
    words = dockerfile.command(Path("Dockerfile").read_text("utf-8"), service.command)
    await box.start(network.rewrite_command("app", words))
    try:
        await listens(network.port("app", WEB), seconds=6)
        assert service.health is not None
        return await box.ask(network.rewrite_command("app", service.health.test), 5)
    finally:
        await box.stop("SIGKILL", 5)
