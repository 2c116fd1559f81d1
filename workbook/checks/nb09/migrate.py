"""09.migrate: the schema is brought up to date once, before the app."""

import time
from pathlib import Path

from workbook.base.urls import for_sqlalchemy
from workbook.checks.answer import Answer, expect
from workbook.checks.nb09.compose_file import has_database_url, is_built, service_named
from workbook.checks.nb09.lone_container import NO_DATABASE, lone_container
from workbook.checks.verdict import NotYet
from workbook.stack import dockerfile
from workbook.stack.compose_file import Service

MIGRATION_SECONDS = 8.0
"""A migration of this size takes one or two."""


async def check(answer: Answer) -> None:
    """After a healthy database, with its own password, once, and to the end."""
    service = service_named("migrate")
    is_built(service)
    has_database_url("migrate")
    _starts_once_after_the_database(service)
    await _fails_without_a_database(service)
    await _brings_the_schema(answer, service)


def _starts_once_after_the_database(service: Service) -> None:
    expect(
        "what migrate waits for", service.after.get("db"), "service_healthy", "started, or ready?"
    )
    expect(
        "whether it is started again when it is done",
        service.restart in ("always", "unless-stopped"),
        False,
        "when is a migration over?",
    )


async def _fails_without_a_database(service: Service) -> None:
    code, _ = await _once(service, NO_DATABASE)
    expect(
        "the exit code, with no database there",
        "0" if code == 0 else "not 0",
        "not 0",
        "how does the app learn that the migration failed?",
    )


async def _brings_the_schema(answer: Answer, service: Service) -> None:
    await answer.clear()
    code, said = await _once(service, for_sqlalchemy(answer.url))
    count = await answer.observer.fetchval(
        "SELECT count(*) FROM pg_tables WHERE tablename IN ('alembic_version', 'alert')"
    )
    expect(
        f"`{' '.join(service.command or ())}`: exit code and tables{said}",
        (code, count),
        (0, 2),
        "which command brings a database up to date?",
    )


async def _once(service: Service, url: str) -> tuple[int, str]:
    """Run the service's command on this database: its exit code, and the end of its log."""
    words = dockerfile.command(Path("Dockerfile").read_text("utf-8"), service.command)
    box, network = lone_container(service, url)
    began = time.monotonic()
    seen = network.rewrite_command(service.name, words)
    code = await box.run(seen, MIGRATION_SECONDS) if words else 127
    if time.monotonic() - began > MIGRATION_SECONDS:
        raise NotYet(
            f"`{' '.join(words)}`, and waited for its end",
            got=f"it still ran after {MIGRATION_SECONDS:.0f} seconds",
            wanted="a command that ends",
            ask="when is a migration over?",
        )
    return code, f" ({box.log[-1].text[:60]})" if box.log else ""
