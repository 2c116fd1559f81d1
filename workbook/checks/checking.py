"""Running the checks of a notebook: the answer's text, a folder, a database, a verdict."""

import asyncio
import contextlib
import shutil
import tempfile
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from workbook import material, workspace
from workbook.base import settings
from workbook.base.sync import beside
from workbook.checks import replaced, unwritten
from workbook.checks.request import SECONDS, CheckRequest, Request
from workbook.checks.runner import CheckRunner
from workbook.checks.verdict import Verdict
from workbook.display.card import Card
from workbook.myapp import formats, standin, submission
from workbook.postgres import SERVER_GONE, PostgresProblem, Server, databases, names
from workbook.seeds import seed


class Runner(Protocol):
    """What runs a check somewhere else."""

    def run(self, request: Request) -> dict[str, Any]:
        """Run it to its end."""


RUNNER = CheckRunner()
"""The warm process of this kernel."""


class Checks:
    """The checks of one notebook: a warm process, and a database that waits for the next check."""

    def __init__(self, server: Server, number: str, prefix: str) -> None:
        self._server, self._number, self._prefix = server, number, prefix
        self.runner: Runner = RUNNER
        self._spares: list[tuple[str, asyncio.Task[None]]] = []
        self._drops: set[asyncio.Task[None]] = set()
        self._templates: dict[str, str] = {}

    def warm(self) -> None:
        """Get the process and the database ready, so that the first check is as quick as others."""
        if settings.read().warm:
            RUNNER.start(self._number)
            self._prepare(names.for_check(self._prefix))

    async def check(self, exercise: material.Exercise, namespace: dict[str, Any]) -> Verdict:
        """Judge an answer, and remember the verdict."""
        source = submission.text(exercise, namespace)
        if source is None:
            none = _verdict(exercise, "not attempted", _not_run(exercise))
            return unwritten.told(exercise, none, namespace)
        verdict = replaced.told(exercise, await self.judge(exercise, source))
        verdict = unwritten.told(exercise, verdict, namespace)
        if verdict.kind != "cannot check":
            workspace.record(exercise.id, verdict.kind, submission.digest(exercise, source))
        return verdict

    async def quietly(self, exercise: material.Exercise, namespace: dict[str, Any]) -> bool:
        """Whether the answer is right, from memory where the text was judged before."""
        source = submission.text(exercise, namespace)
        if source is None or not submission.attempted(exercise, source):
            return False
        known = workspace.read().get(exercise.id)
        if known is not None and known.digest == submission.digest(exercise, source):
            return known.verdict == "right"
        if exercise.path and standin.is_reference(exercise, source, self._number):
            return True
        verdict = await self.judge(exercise, source)
        if verdict.kind in ("right", "not yet") and known is not None:
            workspace.record(exercise.id, verdict.kind, submission.digest(exercise, source))
        return bool(verdict)

    async def judge(self, exercise: material.Exercise, source: str) -> Verdict:
        """Judge this text, whatever is in the notebook; nothing is remembered."""
        if not submission.attempted(exercise, source):
            return _verdict(exercise, "not attempted", _stub(exercise, source))
        folder = Path(tempfile.mkdtemp(prefix="nightwatch-check-"))
        database = await self._database(exercise.id[:2])
        try:
            request = self._request(exercise, source, folder, database)
            result = await asyncio.to_thread(self.runner.run, request)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._used(exercise.id[:2], database)
        if result["outcome"] != "right" and not await asyncio.to_thread(self._server.alive):
            raise PostgresProblem(SERVER_GONE)
        return _judged(exercise, result)

    async def close(self) -> None:
        """Remove the databases; the warm process serves the next notebook of this kernel."""
        for name, ready in self._spares:
            with contextlib.suppress(Exception):  # the server may be gone, and its databases too
                await asyncio.wait([ready])
                await databases.drop(self._server, name)
        self._spares.clear()
        await asyncio.gather(*self._drops, return_exceptions=True)

    async def _database(self, number: str) -> str:
        """The database that waits longest, while another one is made; another notebook's is new."""
        if number != self._number:
            await self._make(name := names.for_check(self._prefix), number)
            return name
        if not self._spares:
            self._prepare(names.for_check(self._prefix))
        name, ready = self._spares.pop(0)
        if not self._spares:
            self._prepare(names.for_check(self._prefix))
        try:
            await ready
        except PostgresProblem:  # the server was away, and may be back
            await self._make(name, number)
        return name

    def _used(self, number: str, database: str) -> None:
        """Make it anew for a later check: one login does both; another notebook's goes."""
        if number == self._number:
            self._prepare(database)
            return
        task = asyncio.create_task(beside(partial(databases.drop, self._server, database)))
        self._drops.add(task)
        task.add_done_callback(self._drops.discard)

    def _prepare(self, name: str) -> None:
        """Let this database be made, and wait for a check."""
        ready = asyncio.create_task(beside(partial(self._make, name, self._number)))
        ready.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._spares.append((name, ready))

    async def _make(self, name: str, number: str) -> None:
        await databases.recreate(self._server, name, await self._template(number))

    async def _template(self, number: str) -> str:
        if number not in self._templates:
            self._templates[number] = await template(self._server, number, self._prefix)
        return self._templates[number]

    def _request(
        self, exercise: material.Exercise, source: str, folder: Path, database: str
    ) -> CheckRequest:
        app = standin.write(exercise.id[:2], folder, exercise.id, source)
        path = exercise.path or "answer.py"
        if path not in app.files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(source, "utf-8")
        return CheckRequest(
            exercise=exercise.id,
            workspace=str(folder),
            module=_module(path),
            names=exercise.names,
            url=self._server.url(database),
            observer_url=self._server.url(database, role="admin"),
            seconds=exercise.seconds or SECONDS,
        )


def _module(path: str) -> str:
    """The module to import; Alembic runs its own files by their path, not by a name."""
    alembic = path.startswith("alembic/") or not path.endswith(".py")
    return "" if alembic else path.removesuffix(".py").replace("/", ".")


async def template(server: Server, number: str, prefix: str) -> str:
    """The template with what a notebook's database starts with; made where it is missing."""
    start = seed(number)
    name = f"{prefix}_from_{start.name}"
    await databases.ensure_template(server, name, start.sql)
    return name


def hint(exercise: material.Exercise, level: int | None) -> Card:
    """The hint of this level, or the next one that was not shown yet."""
    wanted = level if level is not None else workspace.hint_shown(exercise.id, len(exercise.hints))
    wanted = min(max(wanted, 1), len(exercise.hints))
    more = "" if wanted < len(exercise.hints) else " (the last one)"
    return Card(f"Hint {wanted} of {len(exercise.hints)}{more}", exercise.hints[wanted - 1])


def solution(exercise: material.Exercise) -> Card:
    """A right answer, after an attempt."""
    known = workspace.read().get(exercise.id)
    if known is None or not known.attempts:
        ask = f"Write something first, and check it: await lab.check({exercise.id!r})"
        return Card(f"The solution of {exercise.id} opens after your first attempt.", ask)
    return Card(f"One right answer to {exercise.id}", exercise.why, exercise.solution)


def reference(exercise: material.Exercise) -> Any:
    """The reference's own definition of what the learner writes in a notebook."""
    module = ModuleType("reference")
    exec(compile(exercise.solution, f"<reference {exercise.id}>", "exec"), module.__dict__)
    return getattr(module, exercise.names[0])


def _judged(exercise: material.Exercise, result: dict[str, Any]) -> Verdict:
    lines = result["lines"]
    if result["outcome"] == "right":
        why, then = result["why"] or exercise.why, result["try_next"] or exercise.try_next
        return _verdict(exercise, "right", {"Why it works": why, "Try now": then} | lines)
    if result["outcome"] == "broken":
        sorry = (
            "The check itself failed; this is not your fault. Run it again; if it stays, tell us."
        )
        return _verdict(exercise, "cannot check", {"Sorry": sorry} | lines)
    stuck = {"Stuck?": f'lab.hint("{exercise.id}")'}
    return _verdict(exercise, "not yet", lines | stuck)


def _verdict(exercise: material.Exercise, kind: Any, lines: dict[str, str]) -> Verdict:
    return Verdict(kind, exercise.id, exercise.title, tuple(lines.items()))


def _not_run(exercise: material.Exercise) -> dict[str, str]:
    where = f"writes myapp/{exercise.path}" if exercise.path else f"defines {exercise.names[0]}"
    return {"Do first": f"Run the cell that {where}, then check again."}


def _stub(exercise: material.Exercise, source: str) -> dict[str, str]:
    where = f"in myapp/{exercise.path}" if exercise.path else "in the cell above"
    names = " and ".join(_to_write(exercise))
    kind = formats.for_path(exercise.path)
    there = kind.defined(source)
    if exercise.path and not kind.definitions(source, exercise.names):
        have = f"It has: {', '.join(there) or 'nothing yet'}."
        return {"Your turn": f"There is no {names} in myapp/{exercise.path}. {have}"}
    stub = kind.definitions(exercise.stub, exercise.names)
    empty = any("value=Ellipsis" in each for each in stub.values())
    verb = "Write" if empty else "Change"
    return {
        "Your turn": f"{verb} {names} {where}, run that cell, then this one.",
        "Stuck?": f'lab.hint("{exercise.id}")',
    }


def _to_write(exercise: material.Exercise) -> list[str]:
    """The names that the solution defines in another way than the stub."""
    kind = formats.for_path(exercise.path)
    stub, solution = (
        kind.definitions(each, exercise.names) for each in (exercise.stub, exercise.solution)
    )
    return [name for name in exercise.names if stub.get(name) != solution.get(name)]
