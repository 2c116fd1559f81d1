"""`wb site`: the environment that makes the reading site, and then the site.

It is `.venv.site`, beside `.venv` and apart from it, so that no learner needs it; its packages are
held to their hashes.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from workbook.base import paths, settings
from workbook.base.locks import Lock
from workbook.cli.setup import sources
from workbook.cli.setup.steps import InstallProblem, last_lines, step

PLACE = paths.ROOT / ".venv.site"
LIST = paths.ROOT / "requirements-site.txt"
STAMP = "workbook-stamp.json"
SECONDS = 300.0
"""For another `wb site` that installs at this moment."""


def main(out: Path | None, say: Callable[[str], None]) -> None:
    """Make both editions below `out`; Problem with a sentence where that cannot be."""
    from workbook.site import make

    folder = (out or paths.ROOT / "site").resolve()
    make.make(folder, python(), settings.read().repository, say)


def python() -> Path:
    """The Python of the site's environment, which is made or renewed where it is not current."""
    lock = Lock(PLACE.with_name(f"{PLACE.name}.lock"))
    if not lock.take(seconds=SECONDS):
        raise InstallProblem("Another ./wb site has been installing for five minutes. Look there.")
    try:
        if _stamp() != _wanted():
            _install()
    finally:
        lock.free()
    return PLACE / "bin" / "python"


def _wanted() -> dict[str, str]:
    listed = hashlib.sha256(LIST.read_bytes()).hexdigest()
    return {"requirements": listed, "root": str(paths.ROOT), "python": sys.version}


def _stamp() -> object:
    """What the last complete installation wrote down; nothing where there is none."""
    try:
        return json.loads((PLACE / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _install() -> None:
    """All of it beside, then in its place; InstallProblem, and what was there is as it was."""
    new = PLACE.with_name(f"{PLACE.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    env = sources.environment(Path(sys.executable), None, new)
    make = [sys.executable, "-m", "venv", "--without-pip", str(new)]
    for what, command in (("Making .venv.site", make), (f"Installing {LIST.name}", _packages(new))):
        if failed := step(what, command, env, shown=command is not make):
            shutil.rmtree(new, ignore_errors=True)
            raise _problem(failed)
    shutil.rmtree(PLACE, ignore_errors=True)
    new.rename(PLACE)
    (PLACE / STAMP).write_text(json.dumps(_wanted()), "utf-8")


def _packages(new: Path) -> list[str]:
    """With uv where `.venv` has it, else with its pip."""
    uv, python = Path(sys.executable).with_name("uv"), str(new / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q"]
    begin = [str(uv), "pip", "install", "--python", python] if os.access(uv, os.X_OK) else pip
    exactly = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(LIST)]
    return [*begin, *sources.options(), *exactly]


def _problem(said: str) -> InstallProblem:
    return InstallProblem(
        f"The installer said:\n{last_lines(said)}\n\n"
        "The reading site is made by Sphinx and its like, which are not part of the workbook and "
        f"could not be installed ({LIST.name}).\nWith a network, run once: ./wb site    "
        "From then on it needs none."
    )
