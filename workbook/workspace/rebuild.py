"""The app as the earlier notebooks leave it, for a notebook that is started first."""

from dataclasses import dataclass
from pathlib import Path

from workbook import material, paths
from workbook.workspace import files, history


@dataclass(frozen=True)
class Rebuilt:
    """Files below `myapp/` that were there, and files that the workbook wrote."""

    found: list[str]
    rebuilt: list[str]
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
    return Rebuilt(found, rebuilt)


def catch_up(number: str) -> Rebuilt:
    """Make those files exactly what the earlier notebooks leave; others of the learner's stay."""
    material.notebook(number)
    want = material.files_before(number)
    same = {name for name, text in want.items() if _now(name) == text.encode()}
    differ = sorted(want.keys() - same)
    kept = history.set_aside([f"myapp/{name}" for name in differ], f"catch-up-{number}")
    for name in differ:
        files.write(paths.myapp() / name, want[name])
    return Rebuilt(sorted(same), differ, kept)


def _now(name: str) -> bytes | None:
    return files.read(paths.myapp() / name)


def take_away(path: str) -> list[str]:
    """Remove a file or a folder's files from `myapp/`, after setting them aside; their names."""
    place = paths.myapp() / path
    found = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    names = [each.relative_to(paths.myapp()).as_posix() for each in found]
    history.set_aside([f"myapp/{name}" for name in names], "take-away")
    for each in found:
        each.unlink()
    return names
