"""Alembic on the learner's app: its configuration, and what it says while it runs."""

import logging
import shutil
from argparse import Namespace
from pathlib import Path

from alembic.config import Config

from workbook import material
from workbook.base import paths
from workbook.base.whole import put_in_place
from workbook.myapp import standin
from workbook.myapp.app import App, Origin, write_files
from workbook.myapp.modules import forget

VERSIONS = "alembic/versions/"
KNOWN = "copied.txt"
"""Which files of a copy were copied there; what else is there, Alembic wrote."""


def files(number: str) -> list[str]:
    """Alembic's files of the app, as this notebook's solution has them."""
    return [path for path in standin.reference(number) if path.startswith("alembic/")]


def config(number: str) -> Config:
    """The configuration of the learner's app; of a copy, where the reference stands in for a part.

    Revisions that the learner has not written yet are no part of it. Prints whose files they are.
    """
    _move_new_revisions(number)
    app = standin.app(number).without_unwritten(VERSIONS)
    needed = app.needed_by("alembic/env.py").files
    matters = app.only([*needed, *(n for n in app.files if n.startswith("alembic"))])
    folder = paths.myapp() if matters.origin is Origin.LEARNER else _copy(number, app)
    forget("app")
    borrowed = matters.with_the_reference(reasons=True)
    print(f"alembic: yours, {borrowed or 'from myapp/'}.")
    return _configured(folder)


def earlier(number: str) -> Config:
    """The configuration of the app as the earlier notebooks leave it, whatever the learner has."""
    folder = paths.state() / "standin" / f"{number}-earlier"
    shutil.rmtree(folder, ignore_errors=True)
    write_files(folder, material.files_before(number))
    forget("app")
    print(f"alembic: as the notebooks before {number} leave it.")
    return _configured(folder)


def _configured(folder: Path) -> Config:
    _listen()
    made = _Quiet(folder / "alembic.ini", cmd_opts=Namespace(quiet=True))
    made.set_main_option("prepend_sys_path", str(folder).replace("%", "%%"))
    return made


def _place(number: str) -> Path:
    return paths.state() / "standin" / f"{number}-alembic"


def _copy(number: str, app: App) -> Path:
    """All files in a folder beside, and nothing else."""
    folder = _place(number)
    shutil.rmtree(folder, ignore_errors=True)
    app.write(folder)
    (folder / KNOWN).write_text("\n".join(app.files), "utf-8")
    return folder


def end_copy(number: str) -> None:
    """Remove the copy; a revision in it that the learner's folder has not is moved there first."""
    _move_new_revisions(number)
    shutil.rmtree(_place(number), ignore_errors=True)


def _move_new_revisions(number: str) -> None:
    """Move revisions that Alembic has written into the copy to the learner's own folder."""
    folder = _place(number)
    known = (folder / KNOWN).read_text("utf-8").splitlines() if (folder / KNOWN).exists() else []
    for path in folder.glob(f"{VERSIONS}*.py"):
        name = path.relative_to(folder).as_posix()
        if name not in known and not (paths.myapp() / name).exists():
            (paths.myapp() / VERSIONS).mkdir(parents=True, exist_ok=True)
            put_in_place(path, paths.myapp() / name)


class _Quiet(Config):
    """Says what was found, and not which files were written where."""

    def print_stdout(self, text: str, *arg: object) -> None:
        """Print what a command has to say."""
        print(text % arg if arg else text)


class _Says(logging.Handler):
    """Prints which revisions run, as the command line does; the rest of the log is left out."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one line of the log."""
        text = record.getMessage()
        if text.startswith("Running"):
            print(text)


def _listen() -> None:
    logger = logging.getLogger("alembic.runtime.migration")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers = [_Says()]
