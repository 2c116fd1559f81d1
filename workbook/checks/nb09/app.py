"""09.app: after the migration, on this machine only, asked about itself, ended in time."""

import re
from pathlib import Path

from workbook.base.urls import for_sqlalchemy
from workbook.checks.answer import Answer, expect
from workbook.checks.nb09.compose_file import (
    FILE,
    SECRET,
    asks_often_and_waits,
    has_database_url,
    is_built,
    read_services,
    service_named,
)
from workbook.checks.nb09.lone_container import NO_DATABASE, lone_container
from workbook.checks.verdict import NotYet
from workbook.stack import Stack, dockerfile
from workbook.stack.addresses import WEB
from workbook.stack.compose_file import Health, Service
from workbook.stack.network import listens
from workbook.stack.process_backend import ProcessBackend


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
    await _serves_and_stops(service)
    await _ready_and_no_more(answer, service)


def _starts_when_it_should(service: Service) -> None:
    expect(
        "what app waits for",
        service.after.get("migrate"),
        "service_completed_successfully",
        "may it run on the old schema?",
    )


def _comes_back(service: Service) -> None:
    expect(
        "whether it comes back after a crash",
        service.restart.partition(":")[0] in ("always", "unless-stopped", "on-failure"),
        True,
        "who starts it at 3 AM?",
    )


def _is_asked_about_itself(service: Service) -> None:
    if service.health is None:
        ask = "running, or able to serve?"
        raise NotYet(
            "services.app.healthcheck", got="there is none", wanted="a health check", ask=ask
        )
    asks_often_and_waits(service.health)
    _asks_with_what_is_there(service.health)


def _has_time_to_end(service: Service) -> None:
    if service.grace <= 20:
        ask = "who ends first: the server, or Docker's patience?"
        raise NotYet(
            "a request that takes 20 seconds",
            got=f"SIGKILL after {service.grace:g} s",
            wanted="more time for the container than for its server",
            ask=ask,
        )


def _asks_with_what_is_there(health: Health) -> None:
    """The question is asked with what the image has."""
    missing = re.search(
        r"(?<![\w/.-])(curl|wget|nc|http)(?=\s|$)|\b(?:import|from)\s+(httpx|requests|aiohttp)\b",
        " ".join(health.test),
    )
    if missing:
        raise NotYet(
            "docker exec app …",
            got=f"{missing[1] or missing[2]}: not found",
            wanted="a question that the image can ask",
            ask="what does the image have?",
        )


def _on_this_machine_only(service: Service) -> None:
    moved = read_services(SECRET | {"APP_PORT": "8077"})["app"].ports
    shown = ", ".join(service.ports) or "none"
    ask = "on which addresses of your laptop should this be open?"
    if moved != ("127.0.0.1:8077:8000",):
        raise NotYet(
            "services.app.ports",
            got=shown,
            wanted="port 8000 of the container, on 127.0.0.1",
            ask=ask,
        )


async def _serves_and_stops(service: Service) -> None:
    """The whole stack, replayed, which is stopped in the middle of a request."""
    text = Path(FILE).read_text("utf-8")
    async with Stack(ProcessBackend(Path.cwd(), text, longest_grace=3, fail_early=True)) as stack:
        rows = (await stack.up(ends=["migrate"])).rows
        states = {str(row[0]): str(row[1]) for row in rows}
        ask = "what does your health check ask, and whom?"
        expect("docker compose up", states.get("app"), "healthy", ask)
        found = (await stack.interrupt("app", "/teams", {"name": "night"})).rows
    got = tuple(str(row[1]) for row in found)
    expect(
        "docker compose stop, in the middle of a request",
        got,
        ("answered: 201", "exited (0)"),
        "which process gets the signal?",
    )


async def _ready_and_no_more(answer: Answer, service: Service) -> None:
    """The app alone: its health check speaks of the database, and it leaves migrations alone."""
    expect(
        "the health check, while the database is away",
        "no" if await _health_alone(service, NO_DATABASE) else "yes",
        "no",
        "alive, or ready: which of the two can a client use?",
    )
    await answer.clear()
    await _health_alone(service, for_sqlalchemy(answer.url))
    migrated = await answer.observer.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
    expect("whether the app migrates too", migrated, False, "whose work is it?")


async def _health_alone(service: Service, url: str) -> int:
    """What the health check of a lonely app says, once it listens; its exit code."""
    box, network = lone_container(service, url)
    words = dockerfile.command(Path("Dockerfile").read_text("utf-8"), service.command)
    await box.start(network.rewrite_command("app", words))
    try:
        await listens(network.port("app", WEB), seconds=6)
        assert service.health is not None
        return await box.ask(network.rewrite_command("app", service.health.test), 5)
    finally:
        await box.stop("SIGKILL", 5)
