"""The folder `.venv`: made or changed beside, and put in place in one piece.

Its successor is `.venv.new` until it is whole, and what it replaces `.venv.old` for a moment. A
process killed at any time leaves one of them that can be used; `recover` puts it back in place.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from workbook.base.paths import ROOT
from workbook.cli.setup.steps import InstallProblem, last_lines, step

PLACE = ROOT / ".venv"
NEW = ROOT / ".venv.new"
OLD = ROOT / ".venv.old"
STAMP = "workbook-stamp.json"
TOO_LONG_FOR_A_FIRST_LINE = 120
SHELL_LINES = "#!/bin/sh\n'''exec' {} \"$0\" \"$@\"\n' '''\n"
FIRST_LINES = re.compile(r"#!(?:/bin/sh\n'''exec' [^\n]*\n' '''|[^\n]*/python[\d.]*)\n")


def recover() -> None:
    """After a run that was killed: put back what is whole, and remove what is half made."""
    if not PLACE.exists():
        whole = [folder for folder in (NEW, OLD) if (folder / STAMP).is_file()]
        if whole:
            whole[0].rename(PLACE)
    for folder in (NEW, OLD):
        shutil.rmtree(folder, ignore_errors=True)


def usable(folder: Path) -> bool:
    """Whether its Python runs, and finds the packages that were installed there."""
    code = "import os, sysconfig, sys; sys.exit(not os.listdir(sysconfig.get_path('purelib')))"
    try:
        command = [str(folder / "bin" / "python"), "-I", "-c", code]
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def copy() -> None:
    """`.venv.new` from `.venv`: what is changed there leaves `.venv` as it is.

    Packages' files are shared by links, for installers never write into one, but replace it.
    """
    shutil.rmtree(NEW, ignore_errors=True)
    shutil.copytree(PLACE, NEW, symlinks=True, copy_function=_link_or_copy)
    (NEW / STAMP).unlink(missing_ok=True)


def make(pip: Path | None) -> None:
    """An empty `.venv.new`; raises InstallProblem where this Python cannot make one."""
    if not all(importlib.util.find_spec(name) for name in ("ensurepip", "venv")):
        raise InstallProblem(
            "This Python cannot make virtual environments: a part of it is missing.\n"
            "On Debian, Ubuntu and WSL, run: sudo apt install python3-venv "
            f"(or python{sys.version_info[0]}.{sys.version_info[1]}-venv)\nThen run ./wb again."
        )
    shutil.rmtree(NEW, ignore_errors=True)
    # Inside a terminal of JupyterLab, sys.executable is the very `.venv` that will be replaced.
    base = str(getattr(sys, "_base_executable", sys.executable))
    without = ["--without-pip"] if pip else []
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    command = [base, "-m", "venv", "--prompt", ".venv", *without, str(NEW)]
    version = ".".join(map(str, sys.version_info[:3]))
    failed = step(f"Making .venv with Python {version} ({base})", command, env)
    if failed:
        raise InstallProblem(
            f"Python could not make .venv. It said:\n{last_lines(failed)}\nThen run ./wb again."
        )


def pip_of_this_python() -> Path | None:
    """The pip that comes with this Python, as a wheel: pip runs from it without being installed.

    None where it is not in its usual place. To install it takes longer than all that it is for,
    and `.venv` gets its own from requirements.txt.
    """
    part = importlib.util.find_spec("ensurepip")
    if part is None or part.origin is None:
        return None
    kept = sysconfig.get_config_var("WHEEL_PKG_DIR")  # Debian's, Fedora's
    folder = Path(kept) if kept else Path(part.origin).parent / "_bundled"
    return max(folder.glob("pip-*.whl"), default=None)


def find_package_from_anywhere() -> None:
    """A relative path, so that no letter of the checkout's own path can spoil it."""
    for site in (NEW / "lib").glob("python3*/site-packages"):
        (site / "workbook.pth").write_text("../../../..\n", "ascii")


def put_in_place(stamp: dict[str, object]) -> None:
    """Let `.venv.new` be `.venv`: its texts first, its stamp, and then its name."""
    relocate(NEW, str(NEW))
    write_stamp(NEW, stamp)
    if PLACE.exists():
        PLACE.rename(OLD)
    NEW.rename(PLACE)
    shutil.rmtree(OLD, ignore_errors=True)


def write_stamp(folder: Path, stamp: dict[str, object]) -> None:
    """Last of all, and in one piece: a stamp stands for a complete installation."""
    _replace(folder / STAMP, json.dumps(stamp))


def relocate(folder: Path, was: str) -> int:
    """Let the texts of an environment that was at `was` say `.venv`; how many were changed.

    Needs no network, and may be done again after it was interrupted.
    """
    longest_first = sorted({was, str(PLACE)}, key=len, reverse=True)
    either = re.compile("|".join(map(re.escape, longest_first)))
    changed = 0
    for path in [folder / "pyvenv.cfg", *(folder / "bin").iterdir()]:
        text = _text(path)
        moved = either.sub(lambda _: str(PLACE), text)
        if moved != text:
            _replace(path, _with_first_lines(moved))
            changed += 1
    return changed


def _with_first_lines(script: str) -> str:
    """A Python script that starts at any path: a first line may be neither long nor have spaces."""
    python = str(PLACE / "bin" / "python")
    plain = len(python) < TOO_LONG_FOR_A_FIRST_LINE and " " not in python
    quoted = "'" + python.replace("'", "'\"'\"'") + "'"
    lines = f"#!{python}\n" if plain else SHELL_LINES.format(quoted)
    return FIRST_LINES.sub(lambda _: lines, script, count=1) if script[:2] == "#!" else script


def _text(path: Path) -> str:
    """What it says; nothing where it is a link, a folder or a program."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        if file.read(4).startswith((b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")):
            return ""
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(text.encode("utf-8", "surrogateescape"))
    if path.exists():
        new.chmod(path.stat().st_mode)
    new.replace(path)


def _link_or_copy(source: str, target: str) -> None:
    if f"{os.sep}site-packages{os.sep}" in source:
        try:
            os.link(source, target)
            return
        except OSError:  # a file system without links
            pass
    shutil.copy2(source, target)
