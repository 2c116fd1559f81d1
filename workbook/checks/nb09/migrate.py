"""09.migrate: the schema is brought up to date once, before the app."""

import asyncio
from collections.abc import Sequence

from workbook.base.urls import for_sqlalchemy
from workbook.base.waiting import cancel_and_wait, eventually
from workbook.checks import busy
from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb09.compose_file import has_database_url, is_built, says, service_named
from workbook.checks.nb09.lone_container import (
    NO_DATABASE,
    ONE_BY_ONE,
    about_the_shell,
    command,
    lone_container,
    run_together,
)
from workbook.checks.verdict import NotYet
from workbook.stack.compose_file import Service
from workbook.stack.container import SERVES
from workbook.stack.process import ManagedProcess
from workbook.stack.state import last_words

MIGRATION_SECONDS = 8.0
"""A migration of this size takes one or two."""
ENDS = "when is a migration over?"


async def check(answer: Answer) -> None:
    """After a healthy database, with its own password, once, and to the end."""
    service = service_named("migrate")
    is_built(service)
    has_database_url("migrate")
    _starts_once_after_the_database(service)
    await _fails_without_a_database(service)
    await _brings_the_schema(answer, service)


def _starts_once_after_the_database(service: Service) -> None:
    condition = service.after.get("db", "not there")
    ask = "started, or ready?"
    if condition == "service_completed_successfully":
        ask = "when does a database complete, and with which exit code?"
    says("services.migrate.depends_on.db", condition, ("service_healthy",), ask)
    if service.restart in ("always", "unless-stopped"):
        raise NotYet.looked_at(
            "services.migrate.restart",
            got=f"it is {service.restart}: whenever it has ended, it is started again",
            wanted="a container that ends",
            ask="when is a migration over?",
        )


async def _fails_without_a_database(service: Service) -> None:
    code, _ = await _once(service, NO_DATABASE)
    expect_state(
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
    if code and (word := run_together(command(service))):
        got = f"there is no program {word!r}: a list gives the words of a command one by one"
        raise NotYet.looked_at(f"{word!r}", got=got, wanted="exit code 0", ask=ONE_BY_ONE)
    expect_state(
        f"`{' '.join(command(service))}`: exit code and tables{said}",
        (code, count),
        (0, 2),
        about_the_shell(command(service)) or "which command brings a database up to date?",
    )


async def _once(service: Service, url: str) -> tuple[int, str]:
    """Run the service's command on this database: its exit code, and the end of its log."""
    words = command(service)
    box, network = lone_container(service, url)
    if not words:
        return 127, ""
    await box.start(network.rewrite_command(service.name, words))
    ending = asyncio.create_task(box.wait())
    try:
        await eventually(lambda: _over(ending, box), MIGRATION_SECONDS)
        if not ending.done():
            found = _goes_on(words, service, serves=(serves := _serves(box)))
            raise found if serves else busy.by_the_clock(found)
        return ending.result(), f" ({last_words(box.log)[:60]})" if box.log else ""
    finally:
        await box.stop("SIGKILL", 5)
        await cancel_and_wait(ending)


async def _over(ending: "asyncio.Task[int]", box: ManagedProcess) -> bool:
    """Whether it has ended, or never will."""
    return ending.done() or _serves(box)


def _serves(box: ManagedProcess) -> bool:
    return any(SERVES.search(line.text) for line in box.log)


def _goes_on(words: Sequence[str], service: Service, serves: bool) -> NotYet:
    """It does not end: as the image's own command, or as another one."""
    own = service.command is None and service.entrypoint is None
    still = "it serves, and does not end" if serves else "it still ran"
    return NotYet.looked_at(
        f"`{' '.join(words)}`, and waited for its end",
        got=still if serves else f"{still} after {MIGRATION_SECONDS:.0f} seconds",
        wanted="a command that ends",
        ask="which command runs where the service names none?" if own else ENDS,
    )
