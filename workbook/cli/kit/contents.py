"""What of the checkout a kit holds: its files as they are, without what is the learner's own."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from workbook.base.problem import Problem
from workbook.cli import manifest

README = "START_HERE.txt"
OWN = frozenset(
    {".git", ".venv", ".venv.site", "work", "wheels", "unfinished", "artefacts", "site"}
)
"""Left out where git cannot say what belongs to the checkout, as in a copy of a kit."""
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".ipynb_checkpoints")
FORBIDDEN = '<>:"\\|?*'
"""Not to be had in a name on FAT and exFAT."""
TEXT = """\
Nightwatch, the workbook, for laptops without a network
=======================================================

{state}
Made for these machines, with one of these Pythons:

{targets}

1. Copy this whole folder to your laptop first. It does not run from the stick.
2. You need one of the Pythons above on the laptop: python3 --version
3. Open a terminal in the copied folder, and run:

   python3 wb lab

Everything is installed from the folder wheels/, into the folder .venv/ beside it.
Where the wrong Python answers, name yours: python3.13 wb lab

Is something damaged? Then wb names the file: copy the folder from the stick once more.
On Windows, do this in WSL, in your home there, not under /mnt/c.
"""


def state(root: Path) -> str:
    """The checkout's commit, and whether files differ from it, in words."""
    commit = _git(root, "log", "-1", "--format=%h of %cs")
    if commit is None:
        return "A copy without its history."
    changed = " with changes that are not committed" if _git(root, "status", "--porcelain") else ""
    return f"Commit {commit.strip()}{changed}."


def files(root: Path) -> list[Path]:
    """The checkout's files, relative to it; a Problem where one cannot lie on a stick."""
    found = sorted(path for path in _listed(root) if (root / path).is_file())
    seen: dict[str, Path] = {}
    for path in found:
        if (root / path).is_symlink() or set(str(path)) & set(FORBIDDEN):
            raise Problem(
                f"{path} cannot lie on every stick: it is a link, or has a mark of {FORBIDDEN}"
            )
        if (other := seen.setdefault(str(path).lower(), path)) != path:
            raise Problem(f"{path} and {other} are one file on a stick. Rename one of them.")
    return found


def copy(folder: Path, root: Path) -> dict[str, str]:
    """Bring the files into the kit; their hashes. What is there already stays as it is."""
    hashes = {}
    for path in files(root):
        target, digest = folder / path, manifest.sha256(root / path)
        hashes[path.as_posix()] = digest
        if not target.is_file() or manifest.sha256(target) != digest:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, target)
            with contextlib.suppress(OSError):  # a stick may know no modes
                shutil.copymode(root / path, target)
    return hashes


def write_readme(folder: Path, what: manifest.Manifest) -> dict[str, str]:
    """A short text for whoever holds the stick; its hash."""
    pythons: dict[str, list[str]] = {}
    for platform, python in (each.split("/") for each in what.targets):
        pythons.setdefault(platform, []).append(python)
    lines = [f"   {platform}: {', '.join(found)}" for platform, found in pythons.items()]
    text = TEXT.format(state=what.state, targets="\n".join(lines))
    (folder / README).write_text(text, "utf-8")
    return {README: manifest.sha256(folder / README)}


def _listed(root: Path) -> Iterator[Path]:
    """What git knows and does not ignore; without git, all that is not made here."""
    known = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if known is not None:
        yield from {Path(name) for name in known.split("\0") if name}
        return
    for path in root.rglob("*"):
        inner = path.relative_to(root)
        left_out = inner.parts[0] in OWN or inner.name in (README, manifest.NAME)
        if not left_out and not {"__pycache__", *CACHES} & set(inner.parts):
            yield inner


def _git(root: Path, *arguments: str) -> str | None:
    """What git says of this checkout; None where it is none, or there is no git."""
    if not (root / ".git").exists():
        return None
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
