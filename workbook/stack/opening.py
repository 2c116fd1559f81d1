"""A stack of the learner's own files: whose they are, and who runs them."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from workbook.base import paths
from workbook.myapp import formats, standin
from workbook.postgres import docker
from workbook.postgres.locks import Lock
from workbook.stack import compose_backend, process_backend
from workbook.stack.backend import StackBackend
from workbook.stack.compose_backend import PROJECT, ComposeBackend, engine_answers, new_project
from workbook.stack.process_backend import ProcessBackend
from workbook.stack.stack import Stack

FILE = "docker-compose.yml"
STACKS = "stacks"
"""Where they are, in the workbook's own state."""
LOCK = ".running"
ComposeText = str | Callable[[str], str] | None
"""Another Compose file, what makes one of the learner's, or None for the learner's own."""


def open_stack(
    number: str, text: ComposeText, instead: dict[str, str], finished: bool = False
) -> Stack:
    """The learner's app, with the reference where it is not right yet, under this Compose file."""
    files = _finished(number) if finished else standin.app(number)
    folder, afterwards = _folder()
    standin.put(folder, {name: each.text for name, each in files.items()} | instead)
    own = _complete(number, files[FILE].text)
    run = text if isinstance(text, str) else text(own) if text else own
    backend = (ComposeBackend if engine_answers() else ProcessBackend)(folder, run)
    made = Stack(backend, afterwards=partial(_note, backend, afterwards))
    print(backend.how)
    if not isinstance(text, str):
        print(f"Its files: {'the finished ones' if finished else _whose(files)}.")
    return made


def _finished(number: str) -> dict[str, standin.Source]:
    return {name: standin.Source(text) for name, text in standin.reference(number).items()}


def _note(backend: StackBackend, remove: Callable[[], None]) -> None:
    """Say for the record that it really ran in containers, and remove the folder."""
    if isinstance(backend, ComposeBackend) and backend.began:
        docker.ran("a stack of the app")
    remove()


def sweep(home: Path) -> None:
    """Remove the stacks in this folder whose processes are gone, and their containers."""
    for other in home.glob("*"):
        if PROJECT.fullmatch(other.name) and (lock := Lock(other / LOCK)).try_take():
            compose_backend.remove_project(other.name)
            process_backend.remove_data(other.name)
            _remove(other, lock)


def _folder() -> tuple[Path, Callable[[], None]]:
    """A folder of our own, and what removes it."""
    home = paths.state() / STACKS
    home.mkdir(parents=True, exist_ok=True)
    sweep(home)
    folder = home / new_project()
    folder.mkdir()
    lock = Lock(folder / LOCK)
    lock.try_take()
    return folder, partial(_remove, folder, lock)


def _remove(folder: Path, lock: Lock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.free()


def _complete(number: str, own: str) -> str:
    """The learner's Compose file, with the reference's services where it has none yet."""
    whole, kind = standin.reference(number)[FILE], formats.of(FILE)
    lacking = set(kind.defined(whole)) - set(kind.defined(own))
    return kind.lend(own, whole, lacking) if lacking else own


def _whose(files: dict[str, standin.Source]) -> str:
    lent = sorted({one for each in files.values() for one in each.lent})
    whole = sorted(name for name, each in files.items() if each.whole)
    borrowed = ", ".join(lent + whole)
    return f"yours, with the reference for {borrowed}" if borrowed else "yours"
