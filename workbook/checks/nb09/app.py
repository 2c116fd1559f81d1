"""09.app: after the migration, on this machine only, asked about itself, ended in time."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from workbook.base.programs import search_path
from workbook.base.urls import for_sqlalchemy
from workbook.base.waiting import cancel_and_wait
from workbook.checks import busy
from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb09 import server_command
from workbook.checks.nb09.compose_file import (
    FILE,
    SECRET,
    asks_often_and_waits,
    has_database_url,
    is_built,
    read_services,
    says,
    service_named,
)
from workbook.checks.nb09.lone_container import NO_DATABASE, command, lone_container
from workbook.checks.nb09.programs_there import SEVERAL, asks_with_what_is_there, shell_line
from workbook.checks.verdict import NotYet
from workbook.postgres.probe import free_port
from workbook.stack import Stack, dockerfile
from workbook.stack.addresses import POSTGRES, WEB
from workbook.stack.compose_file import Service
from workbook.stack.loopback import HERE
from workbook.stack.network import Network, listens
from workbook.stack.process import ManagedProcess
from workbook.stack.process_backend import ProcessBackend
from workbook.stack.state import LogLine, last_words

IN_PLACE_OF = "what is left of the image's command where the service names its own?"
WHOM = "whom does your check ask: the app itself, or somebody behind it?"
NO_STATUS = "does your check send a request, and what does it do with the status of the answer?"
WHOSE_WORK = "whose work is it?"
OPEN_WHERE = "on which addresses of your laptop should this be open?"


async def check(answer: Answer) -> None:
    """After the migration, on this machine only, asked about itself, ended in time."""
    service = service_named("app")
    is_built(service)
    has_database_url("app")
    _starts_when_it_should(service)
    _on_this_machine_only(service)
    _comes_back(service)
    _is_asked_about_itself(service)
    _has_time_to_end(service)
    _serves_as_the_image(service)
    await _says_no_where_nobody_serves(answer, service)
    await _serves_and_stops(service)
    await _ready_and_no_more(answer, service)


def _starts_when_it_should(service: Service) -> None:
    says(
        "services.app.depends_on.migrate",
        service.after.get("migrate", "not there"),
        ("service_completed_successfully",),
        "may it run on the old schema?",
    )


def _comes_back(service: Service) -> None:
    comes_back = ("always", "unless-stopped", "on-failure")
    ask = "who starts it at 3 AM?"
    says("services.app.restart", service.restart.partition(":")[0], comes_back, ask)


def _is_asked_about_itself(service: Service) -> None:
    if service.health is None:
        ask = "running, or able to serve?"
        raise NotYet.looked_at(
            "services.app.healthcheck", got="there is none", wanted="a health check", ask=ask
        )
    asks_often_and_waits(service.health)
    asks_with_what_is_there(service, service.health)
    _asks_inside()


def _asks_inside() -> None:
    """The health check asks in the container, where APP_PORT means nothing."""
    moved = read_services(SECRET | {"APP_PORT": "8077"})["app"].health
    line = next((word for word in moved.test if "8077" in word), "") if moved else ""
    if line:
        raise NotYet.looked_at(
            "services.app.healthcheck, with APP_PORT=8077 in .env",
            got=f"it asks {line}",
            wanted="a question at the port that the app has in its container",
            ask="who asks, and from where: is that port of the laptop, or of the container?",
        )


def _has_time_to_end(service: Service) -> None:
    if service.grace <= 20:
        ask = "who ends first: the server, or Docker's patience?"
        raise NotYet.looked_at(
            "docker compose stop, during a request that takes 20 seconds",
            got=f"SIGKILL after {service.grace:g} s",
            wanted="more time for the container than for its server",
            ask=ask,
        )


def _on_this_machine_only(service: Service) -> None:
    """Its port is that of APP_PORT on 127.0.0.1, and always 8000 in the container."""
    moved = read_services(SECRET | {"APP_PORT": "8077"})["app"].ports
    for wrong, ask in (
        (not moved, "which key of a service opens one of its ports on your laptop?"),
        (any(not each.startswith("127.0.0.1:") for each in moved), OPEN_WHERE),
        (any(not each.endswith(":8000") for each in moved), "which of the two numbers is inside?"),
        (
            moved != ("127.0.0.1:8077:8000",),
            "which number follows the variable?",
        ),
    ):
        if wrong:
            raise NotYet.looked_at(
                "services.app.ports, with APP_PORT=8077 in .env",
                got=", ".join(moved) or "none",
                wanted="8077 of 127.0.0.1, and behind it port 8000 of the container",
                ask=ask,
            )
    usual = ", ".join(read_services(SECRET)["app"].ports)
    if not re.fullmatch(r"127\.0\.0\.1:\d+:8000", usual):
        raise NotYet.looked_at(
            "services.app.ports, with no APP_PORT",
            got=usual,
            wanted="127.0.0.1:8000:8000",
            ask="which port is it where nobody sets one?",
        )


def _serves_as_the_image(service: Service) -> None:
    """Another command than the image's serves at the same place, and waits as long."""
    variables = dockerfile.image(Path("Dockerfile").read_text("utf-8")).environment
    own = service.command is not None or service.entrypoint is not None
    server_command.listens_and_waits(
        command(service),
        variables | service.environment,
        "docker compose up",
        "docker compose stop",
        IN_PLACE_OF if own else server_command.WAITS,
    )
    server_command.does_not_migrate(command(service), "docker compose up", WHOSE_WORK)


async def _serves_and_stops(service: Service) -> None:
    """The whole stack, replayed, which is stopped in the middle of a request."""
    text = Path(FILE).read_text("utf-8")
    async with Stack(ProcessBackend(Path.cwd(), text, longest_grace=3, fail_early=True)) as stack:
        rows = (await stack.up(ends=["migrate"])).rows
        _is_healthy({str(row[0]): str(row[1]) for row in rows}, stack.logs)
        found = (await stack.interrupt("app", "/teams", {"name": "night"})).rows
    got = tuple(str(row[1]) for row in found)
    called, ask = (
        "docker compose stop, in the middle of a request",
        "which process gets the signal?",
    )
    if service.stop_signal not in ("", "SIGTERM", "SIGINT"):
        called += f"; `stop_signal` of `app` is {service.stop_signal}"
        ask = "which signal does your file send, and what can uvicorn do when that comes?"
    with busy.by_the_clock_within():  # it has three seconds to end
        expect_state(called, got, ("answered: 201", "exited (0)"), ask)


def _is_healthy(states: dict[str, str], logs: Mapping[str, list[LogLine]]) -> None:
    """The app came up; else what it said, or what its health check said."""
    state = states.get("app", "")
    told = f"{state}: {last_words(logs.get('app', []))}"[:150]
    ask = "which of its last words is about your file?"
    if not state.startswith("exited"):
        told, ask = state, "what does your health check ask, and whom?"
    if state != "healthy":
        raise NotYet.looked_at("docker compose up", got=told, wanted="healthy", ask=ask)


def _speaks_of_another_thing(service: Service) -> NotYet:
    """Its program ended well, as if all were well: it asks another path, or reads no status."""
    asks = "readyz" in " ".join(service.health.test if service.health else ())
    return NotYet.looked_at(
        "the health check, while the database is away",
        got="it says that all is well" + ("; /readyz answers 503 then" if asks else ""),
        wanted="it says that the app is not ready",
        ask=NO_STATUS if asks else "alive, or ready: which of the two can a client use?",
    )


async def _says_no_where_nobody_serves(answer: Answer, service: Service) -> None:
    """The database is there and the app is not: a check that asks the app notices."""
    several = re.search(r"\|\||;\s*(true|exit|:)", shell_line(service))
    for port, there, ask in (
        (
            free_port(),
            "neither the database nor an app is there",
            SEVERAL if several else NO_STATUS,
        ),
        (urlsplit(answer.url).port or POSTGRES, "the database is there and no app serves", WHOM),
    ):
        if not await _asked_without_an_app(service, port):
            raise NotYet.looked_at(
                f"the health check, while {there}",
                got="it says that all is well",
                wanted="it says that the app is not ready",
                ask=ask,
            )


async def _asked_without_an_app(service: Service, port: int) -> int:
    """The exit code of the health check, where the database has this port and nobody serves."""
    network = Network({("db", POSTGRES): port}, database_host=HERE)
    network.join([service])
    box = ManagedProcess(Path.cwd(), {"PATH": search_path()})
    assert service.health is not None
    return await box.ask(network.rewrite_command("app", service.health.test), 5)


async def _ready_and_no_more(answer: Answer, service: Service) -> None:
    """The app alone: its health check speaks of the database, and it leaves migrations alone."""
    if not await _health_alone(service, NO_DATABASE):
        raise _speaks_of_another_thing(service)
    await answer.clear()
    await _health_alone(service, for_sqlalchemy(answer.url))
    migrated = await answer.observer.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
    expect_state("whether the app migrates too", migrated, False, WHOSE_WORK)


async def _health_alone(service: Service, url: str) -> int:
    """What the health check of a lonely app says, once it listens or has ended; its exit code."""
    box, network = lone_container(service, url)
    await box.start(network.rewrite_command("app", command(service)))
    ending = asyncio.create_task(box.wait())
    listening = asyncio.create_task(listens(network.port("app", WEB), seconds=6))
    try:
        await asyncio.wait([listening, ending], return_when=asyncio.FIRST_COMPLETED)
        assert service.health is not None
        return await box.ask(network.rewrite_command("app", service.health.test), 5)
    finally:
        await box.stop("SIGKILL", 5)
        await cancel_and_wait(listening)
        await cancel_and_wait(ending)
