"""The learner's copies of the notebooks: filled in, kept current, never written over."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workbook import material
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.workspace import files, history, progress

Kind = Literal["new", "updated", "beside", "reset", "removed"]


class Damaged(Problem):
    """A notebook of the checkout cannot be handed out."""


@dataclass(frozen=True)
class FileChange:
    """One file that the workbook wrote or removed."""

    path: str
    """Below `work/`."""
    kind: Kind

    def __str__(self) -> str:
        """The change as a line for the learner."""
        return {
            "new": f"{self.path} is new.",
            "updated": f"{self.path} has its new version; you had not changed it.",
            "beside": f"{self.path} lies beside yours; yours stays as you left it.",
            "reset": f"{self.path} is as it was at the start.",
            "removed": f"{self.path} is gone; the notebook makes it again.",
        }[self.kind]


def digest(path: Path) -> str | None:
    """A hash over the notebook's cells without their outputs; None where it is no notebook."""
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        content = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def damage() -> list[str]:
    """A sentence for each notebook of the checkout that is none, with its repair."""
    return [_damaged(each) for each in _built() if digest(each) is None]


def git_repair() -> str:
    """The command that makes the folder of notebooks whole again; nothing of the learner's goes."""
    git = paths.ROOT / ".git"
    if (git / "rebase-merge").exists() or (git / "rebase-apply").exists():
        return "git rebase --abort"
    if (git / "MERGE_HEAD").exists():  # what was pulled; the commit ends the merge
        return "git checkout MERGE_HEAD -- notebooks && git commit --no-edit"
    return "git checkout HEAD -- notebooks"


def fill() -> list[FileChange]:
    """Copy the notebooks that the learner does not have yet."""
    with files.locked("shipped"):
        shipped = _load()
        missing = [each for each in _sound() if not (paths.work() / each.name).exists()]
        for source in missing:
            _copy(source, source.name, shipped)
        _save(shipped)
    return [FileChange(source.name, "new") for source in missing]


def update() -> list[FileChange]:
    """Bring every notebook to its newest version, or lay that beside one with answers in it."""
    added = fill()
    with files.locked("shipped"):
        shipped = _load()
        changes = [_update(source, shipped) for source in _sound()]
        _save(shipped)
    return added + [change for change in changes if change]


def reset(number: str) -> list[FileChange]:
    """The notebook and the files it builds as they were at its start; the old ones are kept."""
    notebook = material.notebook(number)
    before = material.files_before(number)
    name = f"{notebook.stem}.ipynb"
    app = {f"myapp/{path}": before.get(path) for path in sorted(notebook.files)}
    source = _built_folder() / name
    if not source.exists():
        raise FileNotFoundError(f"{source} is missing. Get it back with: {git_repair()}")
    if digest(source) is None:
        raise Damaged(_damaged(source))
    known = [*(each.id for each in notebook.exercises), *(each.id for each in notebook.questions)]
    history.set_aside([name, *app], f"reset-{number}", known)
    with files.locked("shipped"):
        shipped = _load()
        _copy(source, name, shipped)
        _save(shipped)
    progress.forget(number)
    return [FileChange(name, "reset"), *_put(app)]


def _put(app: dict[str, str | None]) -> list[FileChange]:
    """Write these files of the app, and remove those that had no text yet."""
    changes: list[FileChange] = []
    for name, text in app.items():
        path = paths.work() / name
        if text is not None:
            files.write(path, text)
            changes.append(FileChange(name, "reset"))
        elif path.exists():
            path.unlink()
            changes.append(FileChange(name, "removed"))
    return changes


def _update(source: Path, shipped: dict[str, dict[str, str]]) -> FileChange | None:
    """What happens to one notebook when the built one may be newer."""
    new, mine = digest(source) or "", digest(paths.work() / source.name)
    known = shipped.setdefault(source.name, {})
    if new == known.get("from"):
        return None
    if mine == new:
        known["from"] = new
        return None
    if mine is not None and mine == known.get("from"):
        history.set_aside([source.name], "update")
        _copy(source, source.name, shipped)
        return FileChange(source.name, "updated")
    if new == known.get("offered"):
        return None
    known["offered"] = new
    beside = _name_beside(source, shipped)
    _copy(source, beside, shipped)
    return FileChange(beside, "beside")


def _name_beside(source: Path, shipped: dict[str, dict[str, str]]) -> str:
    """A name for the new version: a free one, or one whose file the learner never changed."""
    for count in range(1, 1000):
        name = f"{source.stem} (new version{'' if count == 1 else f' {count}'}).ipynb"
        path = paths.work() / name
        if not path.exists() or digest(path) == shipped.get(name, {}).get("from", ""):
            return name
    raise FileExistsError(f"There are 999 new versions of {source.name}; delete some of them.")


def _copy(source: Path, name: str, shipped: dict[str, dict[str, str]]) -> None:
    files.write(paths.work() / name, source.read_bytes())
    shipped.setdefault(name, {})["from"] = digest(source) or ""


def _built_folder() -> Path:
    return paths.ROOT / "notebooks"


def _built() -> list[Path]:
    return sorted(_built_folder().glob("*.ipynb"))


def _sound() -> list[Path]:
    return [each for each in _built() if digest(each) is not None]


def _damaged(source: Path) -> str:
    """What is wrong with it, and what to do."""
    lines = source.read_text("utf-8", errors="replace").splitlines()
    marks = any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in lines)
    why = "git has left conflict marks in it" if marks else "it is damaged"
    return (
        f"notebooks/{source.name} cannot be handed out: {why}. "
        f"Your copy in work/ stays as it is. Run: {git_repair()}"
    )


def _load() -> dict[str, dict[str, str]]:
    """Notebook → the version its copy came from; nothing where that file is lost."""
    try:
        raw: Any = json.loads((paths.state() / "shipped.json").read_text("utf-8"))
        return {str(name): {k: str(v) for k, v in known.items()} for name, known in raw.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _save(shipped: dict[str, dict[str, str]]) -> None:
    files.write(paths.state() / "shipped.json", json.dumps(shipped, indent=1) + "\n")
