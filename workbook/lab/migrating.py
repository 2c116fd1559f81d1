"""Alembic on the learner's app: its configuration, and what it says while it runs."""

import logging
import shutil
from argparse import Namespace
from pathlib import Path

from alembic.config import Config

from workbook import material
from workbook.base import paths
from workbook.myapp import standin
from workbook.myapp.modules import forget

VERSIONS = "alembic/versions/"
KNOWN = "copied.txt"
"""Which files of a copy were copied there; what else is there, Alembic wrote."""


def exercises(number: str) -> list[material.Exercise]:
    """The exercises on Alembic's files, up to and with this notebook."""
    found = [path for path in standin.reference(number) if path.startswith("alembic/")]
    return [each for path in found for each in standin.exercises_of(path, number)]


def config(number: str) -> Config:
    """The configuration of the learner's app; of a copy, where the reference stands in for a part.

    Revisions that the learner has not written yet are no part of it. Prints whose files they are.
    """
    _bring_home(number)
    files = {name: each for name, each in standin.app(number).items() if not _unborn(name)}
    matters = standin.needed("alembic/env.py", files)
    matters += [name for name in files if name.startswith("alembic") and name not in matters]
    lent = {name: files[name] for name in matters if files[name].lent or files[name].whole}
    folder = _copy(number, files) if lent else paths.myapp()
    forget("app")
    print(f"alembic: {_whose(lent)}.")
    return _configured(folder)


def earlier(number: str) -> Config:
    """The configuration of the app as the earlier notebooks leave it, whatever the learner has."""
    folder = paths.state() / "standin" / f"{number}-earlier"
    shutil.rmtree(folder, ignore_errors=True)
    standin.put(folder, material.files_before(number))
    forget("app")
    print(f"alembic: as the notebooks before {number} leave it.")
    return _configured(folder)


def _configured(folder: Path) -> Config:
    _listen()
    made = _Quiet(folder / "alembic.ini", cmd_opts=Namespace(quiet=True))
    made.set_main_option("prepend_sys_path", str(folder).replace("%", "%%"))
    return made


def _unborn(name: str) -> bool:
    return name.startswith(VERSIONS) and not (paths.myapp() / name).exists()


def _place(number: str) -> Path:
    return paths.state() / "standin" / f"{number}-alembic"


def _copy(number: str, files: dict[str, standin.Source]) -> Path:
    """All files in a folder beside, and nothing else."""
    folder = _place(number)
    shutil.rmtree(folder, ignore_errors=True)
    standin.put(folder, {name: each.text for name, each in files.items()})
    (folder / KNOWN).write_text("\n".join(files), "utf-8")
    return folder


def _bring_home(number: str) -> None:
    """Move revisions that Alembic has written into the copy to the learner's own folder."""
    folder = _place(number)
    known = (folder / KNOWN).read_text("utf-8").splitlines() if (folder / KNOWN).exists() else []
    for path in folder.glob(f"{VERSIONS}*.py"):
        name = path.relative_to(folder).as_posix()
        if name not in known and _unborn(name):
            (paths.myapp() / VERSIONS).mkdir(parents=True, exist_ok=True)
            path.replace(paths.myapp() / name)


def _whose(lent: dict[str, standin.Source]) -> str:
    ids = sorted({one for each in lent.values() for one in each.lent})
    whole = sorted(f"myapp/{name} ({each.whole})" for name, each in lent.items() if each.whole)
    borrowed = [*ids, *whole]
    return (
        f"yours, with the reference for {', '.join(borrowed)}" if borrowed else "yours, from myapp/"
    )


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
