"""A stack of the learner's own files: whose they are, and who runs them."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from workbook.base import paths
from workbook.base.locks import Lock
from workbook.myapp import formats, standin
from workbook.myapp.app import App, write_files
from workbook.postgres import docker
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
    number: str,
    text: ComposeText,
    instead: dict[str, str],
    finished: bool = False,
    own: bool = False,
) -> Stack:
    """The learner's app, with the reference where it is not right yet, under this Compose file.

    With `own`, the learner's files are taken as they are.
    """
    app = App.of(standin.reference(number)) if finished else standin.app(number)
    app = App.of(app.texts | standin.written(app)) if own else app
    folder, afterwards = _folder()
    write_files(folder, app.texts | instead)
    lacking = _lacking(number, app.files[FILE].text)
    whole = _complete(number, app.files[FILE].text, lacking)
    run = text if isinstance(text, str) else text(whole) if text else whole
    backend = (ComposeBackend if engine_answers() else ProcessBackend)(folder, run)
    made = Stack(backend, afterwards=partial(_note, backend, afterwards))
    print(backend.how)
    if not isinstance(text, str):
        borrowed = app.with_the_reference()
        whose = f"yours, {borrowed}" if borrowed else "yours"
        print(f"Its files: {'the finished ones' if finished else whose}.")
        if lacking:
            print(f"Your {FILE} has no {', '.join(lacking)}: there the reference stands in.")
        if borrowed:
            print("Yours as they are, right or not: lab.stack(own=True).")
    return made


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


def _lacking(number: str, own: str) -> list[str]:
    """The services that the reference's Compose file has and this one has not, sorted."""
    kind = formats.for_path(FILE)
    return sorted(set(kind.defined(standin.reference(number)[FILE])) - set(kind.defined(own)))


def _complete(number: str, own: str, lacking: list[str]) -> str:
    """The learner's Compose file, with these services of the reference."""
    kind = formats.for_path(FILE)
    return (
        kind.with_reference(own, standin.reference(number)[FILE], set(lacking)) if lacking else own
    )
