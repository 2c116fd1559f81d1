"""`wb kit --check`: installs from a copy of a kit, without a network, and runs notebook 00."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workbook.base.problem import Problem
from workbook.cli import manifest
from workbook.cli.kit import apart
from workbook.cli.kit.make import Say

NOTEBOOK = "solutions/00_first_query.ipynb"


def check(folder: Path, pythons: list[str], say: Say) -> None:
    """Prove the kit with these Pythons of this machine, else with this one; a Problem if not."""
    folder = folder.resolve()
    known = _whole(folder)
    say(f"{len(known.files)} files are as they were written.")
    before = apart.prefix()
    say(
        "Now without a network: a namespace of its own (unshare)."
        if before
        else "Now without a network: this system has no namespace for it, so every proxy is named "
        "as a port at which nobody answers, and pip and uv are told to be offline."
    )
    for python in [_program(each) for each in pythons] or [_this_python()]:
        _prove(folder, python, before, say)


def _whole(folder: Path) -> manifest.Manifest:
    """The manifest of a complete kit; a Problem for what is none, and for damaged files."""
    known = manifest.read(folder)
    if known is None:
        raise Problem(f"{folder} is no kit: there is no {manifest.NAME} that can be read in it.")
    if not known.complete:
        raise Problem(f"This kit is not finished. Go on with: ./wb kit {folder}")
    if bad := list(manifest.damaged(folder, known.files)):
        raise Problem(manifest.sentence(bad))
    return known


def _prove(folder: Path, python: str, before: list[str], say: Say) -> None:
    """Install and run in a copy, at a path with a space, as on somebody's laptop."""
    with tempfile.TemporaryDirectory(prefix="kit of ") as place:
        copy, home = Path(place) / "nightwatch", Path(place) / "home"
        home.mkdir()
        begun = time.monotonic()
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".venv", "work"))
        say(f"Copied in {time.monotonic() - begun:.0f} s. Installing with {python} ...")
        own = str(copy / ".venv" / "bin" / "python")
        notebook = [own, "-m", "pytest", "-q", "-n", "0", "--nbval", NOTEBOOK]
        try:
            for step in ([python, "wb", "doctor"], notebook):
                if apart.run(step, copy, home, before):
                    raise Problem(f"The kit does not hold: see above what {step[-1]} said.")
        finally:
            apart.run([own, "-P", "-m", "workbook", "db", "stop"], copy, home, before)
        say(f"The kit holds with {python}: {time.monotonic() - begun:.0f} s in all.")


def _program(version: str) -> str:
    """The first program of this name on PATH that runs, by its own path.

    What stands on PATH may be a script that asks for its account's home, or one that only says no.
    """
    ask = "import sys; print(sys.executable)"
    for place in os.get_exec_path():
        if found := shutil.which(f"python{version}", path=place):
            asked = subprocess.run([found, "-c", ask], capture_output=True, text=True)
            if asked.returncode == 0:
                return asked.stdout.strip()
    raise Problem(f"No python{version} on this machine's PATH runs, to prove the kit with.")


def _this_python() -> str:
    """The interpreter that this environment was made with."""
    return str(getattr(sys, "_base_executable", sys.executable))
