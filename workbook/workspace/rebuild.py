"""The app as the earlier notebooks leave it, for a notebook that is started first."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbook import material
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.workspace import files, history


@dataclass(frozen=True)
class Rebuilt:
    """Files below `myapp/` that were there, and files that the workbook wrote."""

    found: list[str]
    rebuilt: list[str]
    later: list[str]
    """Files that only this notebook or later ones write, and that are there already."""
    kept: Path | None = None
    """Where the learner's earlier versions lie; None where none was replaced."""


def rebuild(number: str) -> Rebuilt:
    """Write what the earlier notebooks made and is missing; what is there stays as it is."""
    material.notebook(number)
    found: list[str] = []
    rebuilt: list[str] = []
    for name, text in sorted(material.files_before(number).items()):
        path = paths.myapp() / name
        (found if path.exists() else rebuilt).append(name)
        if not path.exists():
            files.write(path, text)
    return Rebuilt(found, rebuilt, _later(number))


def catch_up(number: str) -> Rebuilt:
    """Make `myapp/` exactly what the earlier notebooks leave; files of the learner's own stay."""
    material.notebook(number)
    want = material.files_before(number)
    same = {name for name, text in want.items() if _now(name) == text.encode()}
    differ, later = sorted(want.keys() - same), _later(number)
    names = [f"myapp/{name}" for name in differ + later]
    had = any(_now(name) is not None for name in differ + later)
    moves = bool(names) or history.caught_up_to() != number
    action = history.CATCH_UP + number
    kept = history.set_aside(names, action, even_absent=True) if moves else None
    for name in differ:
        files.write(paths.myapp() / name, want[name])
    for name in later:
        (paths.myapp() / name).unlink()
    return Rebuilt(sorted(same), differ, later, kept if had else None)


def _later(number: str) -> list[str]:
    """Files that no notebook before this one writes, and that this one or a later one wrote."""
    written = {name for notebook in material.notebooks() for name in notebook.files}
    return sorted(n for n in written - material.files_before(number).keys() if _now(n) is not None)


def _now(name: str) -> bytes | None:
    return files.read(paths.myapp() / name)


def take_away(path: str) -> list[str]:
    """Remove what a path or pattern names in `myapp/`, set aside before; the files' names.

    Problem where it names nothing inside of `myapp/`.
    """
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise Problem(
            f"{path!r} is no place inside of myapp/. Name a file or folder there:"
            ' lab.set_aside("alembic").'
        )
    places = list(paths.myapp().glob(path))
    inside = [each for place in places for each in place.rglob("*")]
    found = sorted(each for each in places + inside if each.is_file())
    names = [each.relative_to(paths.myapp()).as_posix() for each in found]
    history.set_aside([f"myapp/{name}" for name in names], "take-away")
    for each in found:
        each.unlink()
    return names
