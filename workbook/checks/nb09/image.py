"""09.image: cached packages, no secrets, no root, and a first process that hears a signal."""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from workbook.base.programs import search_path
from workbook.base.urls import for_sqlalchemy
from workbook.checks import busy
from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb09 import packages, server_command
from workbook.checks.nb09.dockerfile_rules import nothing_is_private
from workbook.checks.nb09.lone_container import ONE_BY_ONE, run_together
from workbook.checks.verdict import NotYet
from workbook.stack import Stack, dockerfile, image_files
from workbook.stack.app_container import of_the_image
from workbook.stack.dockerfile import DockerfileError
from workbook.stack.process import ManagedProcess
from workbook.stack.process_backend import ProcessBackend
from workbook.stack.state import last_words

HEALTH_TEST = (
    """["CMD", "python", "-c","""
    """ "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez')"]"""
)
ANOTHER_COMMAND = "what becomes of another command, behind an ENTRYPOINT?"


async def check(answer: Answer) -> None:
    """Cached packages, no secrets, no root, and a first process that hears a signal."""
    text, ignore = Path("Dockerfile").read_text("utf-8"), Path(".dockerignore").read_text("utf-8")
    try:
        packages.packages_are_found(text, image_files.sent(ignore, Path.cwd()))
        nothing_is_private(text, ignore)
        with tempfile.TemporaryDirectory(prefix="nightwatch-check-") as place:
            workdir = image_files.extract_workdir(text, ignore, Path.cwd(), Path(place))
            _holds_the_app(text, Path(place), workdir)
            await _works(answer, text, Path(place))
    except DockerfileError as error:
        ask = "what would `docker build` say to it?"
        raise NotYet.looked_at(
            "Dockerfile", got=str(error), wanted="a file that can be built", ask=ask
        ) from None


def _holds_the_app(text: str, place: Path, workdir: str) -> None:
    """COPY of a folder copies what is in it: its name is gone, unless the target has it."""
    if not (place / "main.py").exists() or (place / "app" / "main.py").exists():
        return
    copies = [step for step in dockerfile.stages(text)[-1].steps if step.kind in ("COPY", "ADD")]
    line = next((str(s) for s in copies if dockerfile.covers(s.words[:-1], "app/main.py")), "")
    raise NotYet.looked_at(
        line or "COPY",
        got=f"there is a {workdir.rstrip('/')}/main.py, and no {workdir.rstrip('/')}/app/main.py",
        wanted=f"app/ and alembic/ as folders in {workdir}",
        ask="what does COPY take of a folder: the folder, or what is in it?",
    )


async def _works(answer: Answer, text: str, place: Path) -> None:
    """Try out what the image holds: migrate, serve, stop in the middle of a request."""
    _is_json(text)
    _starts_it_at_the_end(text)
    image = dockerfile.image(text)
    server_command.listens_and_waits(
        dockerfile.command(text), image.environment, "docker run", "docker stop"
    )
    await answer.clear()
    await _migrates(answer, text, place)
    (place / "Dockerfile").write_text(text, "utf-8")
    async with Stack(
        ProcessBackend(place, _compose_file(answer), longest_grace=3, fail_early=True)
    ) as stack:
        found = (await stack.up()).rows[0]
        said = last_words(stack.logs["app"])
        if found[1] != "healthy":
            raise NotYet.looked_at(
                "docker run",
                got=f"{found[1]}: {said}"[:150],
                wanted="a server that runs, and answers on port 8000",
                ask=ONE_BY_ONE
                if run_together(dockerfile.command(text))
                else "which file or command does it look for?",
            )
        rows = (await stack.interrupt("app", "/teams", {"name": "night"})).rows
    got = tuple(str(row[1]) for row in rows)
    with busy.by_the_clock_within():  # it has three seconds to end
        expect_state(
            "docker stop, in the middle of a request",
            got,
            ("answered: 201", "exited (0)"),
            "which process gets the signal, and does it pass it on?",
        )
    _only_serves(dockerfile.command(text))


def _is_json(text: str) -> None:
    """What looks like an exec form and is no JSON is a line for the shell."""
    for kind in ("CMD", "ENTRYPOINT"):
        step = dockerfile.stages(text)[-1].last(kind)
        if step and step.rest.startswith("[") and dockerfile.exec_form(step.rest) is None:
            raise NotYet.looked_at(
                "docker run",
                got=f"a shell gets the line, and says: {step.rest.split()[0]}: not found",
                wanted="a list in JSON, so that no shell is there",
                ask="which quotation marks does JSON have, and where do its commas stand?",
            )


def _starts_it_at_the_end(text: str) -> None:
    """RUN is for the build: what it starts has ended before there is an image."""
    runs = [str(step) for step in dockerfile.stages(text)[-1].steps if step.kind == "RUN"]
    started = next((line for line in runs if re.search(r"\buvicorn\b.*\bapp\.main\b", line)), "")
    if started and not dockerfile.command(text):
        raise NotYet.looked_at(
            started,
            got="the build runs it, and the image itself runs nothing",
            wanted="a server that starts with the container",
            ask="which instruction is for the build, and which one for the start of a container?",
        )


def _only_serves(command: Sequence[str]) -> None:
    """Who migrates is the stack's decision: one service does it, once."""
    if re.search(r"\balembic\b", line := " ".join(command)):
        raise NotYet.looked_at(
            "docker run",
            got=f"it runs {line}"[:150],
            wanted="uvicorn, and no migration",
            ask="how many containers of this image may start at once, and who migrates then?",
        )


async def _migrates(answer: Answer, text: str, place: Path) -> None:
    env = {"DATABASE_URL": for_sqlalchemy(answer.url), "PATH": search_path()}
    box = ManagedProcess(place, of_the_image(dockerfile.image(text)) | env)
    upgrade = dockerfile.command(text, ("alembic", "upgrade", "head"))
    entrypoint = dockerfile.image(text).entrypoint
    if server_command.uvicorn(entrypoint, {}):
        raise NotYet.looked_at(
            "docker run … alembic upgrade head",
            got=f"it runs {' '.join(upgrade)}"[:150],
            wanted="the migrations of the app",
            ask=ANOTHER_COMMAND,
        )
    code = await box.run(upgrade, 20)
    if code:
        said = last_words(box.log).replace(f"{place}/", "")
        raise NotYet.looked_at(
            "docker run … alembic upgrade head",
            got=f"it ended with {code}: {said}"[:150],
            wanted="the migrations of the app",
            ask=ANOTHER_COMMAND if entrypoint else "which files does Alembic read?",
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
