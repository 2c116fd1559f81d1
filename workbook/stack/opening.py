"""A stack of the learner's own files: whose they are, and who runs them."""

import secrets
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from workbook.base import paths
from workbook.base.locks import Lock
from workbook.myapp import formats, standin
from workbook.myapp.app import App, write_files
from workbook.postgres import docker
from workbook.stack import Stack, World, engine, replay
from workbook.stack.engine import PROJECT, Engine, answers
from workbook.stack.replay import Replay

FILE = "docker-compose.yml"
STACKS = "stacks"
"""Where they are, in the workbook's own state."""
LOCK = ".running"
Change = str | Callable[[str], str] | None


def of_learner(number: str, text: Change, instead: dict[str, str], finished: bool = False) -> Stack:
    """The learner's app, with the reference where it is not right yet, under this Compose file."""
    app = App.of(standin.reference(number)) if finished else standin.app(number)
    folder, afterwards = _folder()
    write_files(folder, app.texts | instead)
    own = _complete(number, app.files[FILE].text)
    run = text if isinstance(text, str) else text(own) if text else own
    world = Engine(folder, run) if answers() else Replay(folder, run)
    made = Stack(world, afterwards=partial(_note, world, afterwards))
    print(made.world.how)
    if not isinstance(text, str):
        borrowed = app.with_the_reference()
        whose = f"yours, {borrowed}" if borrowed else "yours"
        print(f"Its files: {'the finished ones' if finished else whose}.")
    return made


def _note(world: World, remove: Callable[[], None]) -> None:
    """Say for the record that it really ran in containers, and remove the folder."""
    if isinstance(world, Engine) and world.began:
        docker.ran("a stack of the app")
    remove()


def sweep(home: Path) -> None:
    """Remove the stacks in this folder whose processes are gone, and their containers."""
    for other in home.glob("*"):
        if PROJECT.fullmatch(other.name) and (lock := Lock(other / LOCK)).try_take():
            engine.forget(other.name)
            replay.forget(other.name)
            _remove(other, lock)


def _folder() -> tuple[Path, Callable[[], None]]:
    """A folder of our own, and what removes it."""
    home = paths.state() / STACKS
    home.mkdir(parents=True, exist_ok=True)
    sweep(home)
    folder = home / f"nightwatch-{secrets.token_hex(4)}"
    folder.mkdir()
    lock = Lock(folder / LOCK)
    lock.try_take()
    return folder, partial(_remove, folder, lock)


def _remove(folder: Path, lock: Lock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.free()


def _complete(number: str, own: str) -> str:
    """The learner's Compose file, with the reference's services where it has none yet."""
    whole, kind = standin.reference(number)[FILE], formats.for_path(FILE)
    lacking = set(kind.defined(whole)) - set(kind.defined(own))
    return kind.with_reference(own, whole, lacking) if lacking else own
