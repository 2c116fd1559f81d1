"""09.image: cached packages, no secrets, no root, and a first process that hears a signal."""

import re
import tempfile
from pathlib import Path

from workbook.base.programs import search_path
from workbook.base.urls import for_sqlalchemy
from workbook.checks.answer import Answer, expect
from workbook.checks.nb09 import dockerfile_rules
from workbook.checks.verdict import NotYet
from workbook.stack import Stack, dockerfile, image_files
from workbook.stack.dockerfile import DockerfileError
from workbook.stack.process import ManagedProcess
from workbook.stack.process_backend import ProcessBackend

HEALTH_TEST = (
    """["CMD", "python", "-c","""
    """ "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez')"]"""
)


async def check(answer: Answer) -> None:
    """Cached packages, no secrets, no root, and a first process that hears a signal."""
    text, ignore = Path("Dockerfile").read_text("utf-8"), Path(".dockerignore").read_text("utf-8")
    try:
        dockerfile_rules.packages_are_found(text)
        dockerfile_rules.nothing_is_private(text, ignore)
        with tempfile.TemporaryDirectory(prefix="nightwatch-check-") as place:
            image_files.extract_workdir(text, ignore, Path.cwd(), Path(place))
            await _works(answer, text, Path(place))
    except DockerfileError as error:
        ask = "what would `docker build` say to it?"
        raise NotYet(
            "Dockerfile", got=str(error), wanted="a file that can be built", ask=ask
        ) from None


async def _works(answer: Answer, text: str, place: Path) -> None:
    """Try out what the image holds: migrate, serve, stop in the middle of a request."""
    _listens_and_waits(text)
    await answer.clear()
    await _migrates(answer, text, place)
    (place / "Dockerfile").write_text(text, "utf-8")
    async with Stack(
        ProcessBackend(place, _compose_file(answer), longest_grace=3, fail_early=True)
    ) as stack:
        found = (await stack.up()).rows[0]
        said = [line.text for line in stack.logs["app"]][-1:]
        if found[1] != "healthy":
            raise NotYet(
                "docker run",
                got=f"{found[1]}: {' '.join(said)}"[:150],
                wanted="a server that runs",
                ask="which file or command does it look for?",
            )
        rows = (await stack.interrupt("app", "/teams", {"name": "night"})).rows
    got = tuple(str(row[1]) for row in rows)
    expect(
        "docker stop, in the middle of a request",
        got,
        ("answered: 201", "exited (0)"),
        "which process gets the signal, and does it pass it on?",
    )


def _listens_and_waits(text: str) -> None:
    """The command says that it serves others, and how long it waits for a request that runs."""
    argv = dockerfile.command(text)
    shown, whole = " ".join(argv) or "nothing", " ".join((*argv, *_variables(text)))
    if not {"0.0.0.0", "::"} & set(re.split(r"[\s='\"]", whole)):
        ask = "where do the requests come from, seen from inside?"
        raise NotYet(
            "docker run",
            got=f"it runs {shown}",
            wanted="a server on the container's address",
            ask=ask,
        )
    if not re.search(r"timeout.graceful.shutdown\W+20\b", whole, re.I):
        ask = "how long does the server wait for a request that is running?"
        raise NotYet(
            "docker stop", got=f"it runs {shown}", wanted="20 seconds for running requests", ask=ask
        )


def _variables(text: str) -> list[str]:
    return [step.rest for step in dockerfile.stages(text)[-1].steps if step.kind == "ENV"]


async def _migrates(answer: Answer, text: str, place: Path) -> None:
    env = {"DATABASE_URL": for_sqlalchemy(answer.url), "PATH": search_path()}
    box = ManagedProcess(place, env)
    upgrade = dockerfile.command(text, ("alembic", "upgrade", "head"))
    if upgrade[0] != "alembic" and "alembic" not in upgrade[1:2]:
        ask = "what becomes of another command, behind an ENTRYPOINT?"
        raise NotYet(
            "docker run … alembic upgrade head",
            got=f"it runs {' '.join(upgrade)}"[:150],
            wanted="the migrations of the app",
            ask=ask,
        )
    code = await box.run(upgrade, 20)
    if code:
        said = box.log[-1].text if box.log else ""
        raise NotYet(
            "docker run … alembic upgrade head",
            got=f"it ended with {code}: {said}"[:150],
            wanted="the migrations of the app",
            ask="which files does Alembic read?",
        )


def _compose_file(answer: Answer) -> str:
    """The image alone, on the database of this check."""
    return f"""
services:
  app:
    build: .
    environment:
      DATABASE_URL: {for_sqlalchemy(answer.url)}
    healthcheck:
      test: {HEALTH_TEST}
      interval: 1s
      retries: 60
"""
