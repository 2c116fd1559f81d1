"""Makes `.venv`: what `wb` runs first. Standard library only, for nothing else is there yet."""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook.base.paths import ROOT
from workbook.base.problem import Problem

UV = "0.13.9"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "workbook-stamp.json"


class InstallProblem(Problem):
    """An installation that cannot go on; its text says what to do."""


def say(text: str) -> None:
    """One line of progress; standard output belongs to the command itself."""
    print(text, file=sys.stderr, flush=True)


def stale_parts() -> list[str]:
    """The parts of the stamp that do not agree with today: none when `.venv` is ready."""
    found = _stamp()
    return [part for part, today in _wanted().items() if found.get(part) != today]


def _wanted() -> dict[str, str]:
    """What the stamp must say: these requirements, this place, this interpreter."""
    requirements = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    return {"requirements": requirements, "root": str(ROOT), "python": os.path.realpath(PYTHON)}


def _stamp() -> dict[str, object]:
    """What the last complete installation wrote down; empty where there is none."""
    try:
        found = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and PYTHON.exists() else {}


def set_up() -> float:
    """Make or repair `.venv`; the seconds it took, 0 where nothing was to be done.

    Raises InstallProblem, and OSError where the folder cannot be written.
    """
    if not stale_parts():
        return 0.0
    begun = time.time()
    with _alone():
        stale = stale_parts()
        if not stale:  # another launch has done it meanwhile
            return 0.0
        say("Setting up the workbook. This happens once and needs the network.")
        STAMP.unlink(missing_ok=True)
        if stale != ["requirements"]:
            _make_venv()
        _install()
        _find_package_from_anywhere()
        seconds = round(time.time() - begun, 1)
        _write_stamp({**_wanted(), "seconds": seconds})
    return seconds


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the installation's lock; a second launch waits here and says so."""
    VENV.mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (VENV / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another ./wb is installing in this folder; this one waits for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_venv() -> None:
    """An empty `.venv`; what an interrupted or foreign one left goes first."""
    if not all(importlib.util.find_spec(name) for name in ("ensurepip", "venv")):
        raise InstallProblem(
            "This Python cannot make virtual environments: a part of it is missing.\n"
            "On Debian, Ubuntu and WSL, run: sudo apt install python3-venv "
            f"(or python{sys.version_info[0]}.{sys.version_info[1]}-venv)\nThen run ./wb again."
        )
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()
    # Inside a terminal of JupyterLab, sys.executable is the very `.venv` that went away above.
    base = str(getattr(sys, "_base_executable", sys.executable))
    without = ["--without-pip"] if _pip_of_this_python() else []
    failed = _step("Making .venv", [base, "-m", "venv", *without, str(VENV)])
    if failed:
        raise InstallProblem(
            f"Python could not make .venv. It said:\n{failed}\nThen run ./wb again."
        )


def _pip_of_this_python() -> Path | None:
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


def _install() -> None:
    """Every package at its exact version: with uv, or with pip where uv does not do it."""
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--retries", "2"]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON)]
    lock = ["--no-deps", "-r", str(ROOT / "requirements.txt")]
    has_uv = _step("Installing uv", [*pip, "-q", f"uv=={UV}"]) is None
    if has_uv and _step("Installing packages with uv", [*uv, *lock]) is None:
        return
    failed = _step("Installing packages with pip", [*pip, "-q", *lock])
    if failed:
        raise InstallProblem(
            f"The packages could not be installed. The installer said:\n{failed}\n\n"
            "Check the network (and a proxy, where you need one), then run ./wb again: "
            "it repairs the installation by itself. Once installed, the workbook needs no network."
        )


def _step(what: str, command: list[str]) -> str | None:
    """Run one step and say how long it took; the last lines it said where it failed."""
    begun = time.time()
    say(f"  {what} ...")
    errors = None if sys.stderr.isatty() else subprocess.STDOUT
    try:
        step = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, env=_environment(), cwd=ROOT
        )
    except OSError as error:
        say(f"  {what}: failed, {error}")
        return str(error)
    try:
        output = step.communicate()[0].decode("utf-8", "replace")
    except KeyboardInterrupt:
        step.terminate()
        step.wait()
        raise
    say(f"  {what}: {'failed' if step.returncode else 'done'}, {time.time() - begun:.1f} s")
    last = "\n".join(output.splitlines()[-12:]) or "(its messages are above)"
    return last if step.returncode else None


def _environment() -> dict[str, str]:
    """The installers' environment; their caches move into `.venv` where home is read-only."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    if wheel := _pip_of_this_python():
        env["PYTHONPATH"] = str(wheel)  # where `python -m pip` finds it
    env.setdefault("UV_SYSTEM_CERTS", "1")  # a company's own certificate is known to the system
    cache = Path("~/.cache").expanduser()
    while not cache.exists():
        cache = cache.parent
    if not os.access(cache, os.W_OK):
        env.setdefault("UV_CACHE_DIR", str(VENV / "cache" / "uv"))
        env.setdefault("PIP_CACHE_DIR", str(VENV / "cache" / "pip"))
    return env


def _find_package_from_anywhere() -> None:
    """A relative path, so that no letter of the checkout's own path can spoil it."""
    for site in (VENV / "lib").glob("python3*/site-packages"):
        (site / "workbook.pth").write_text("../../../..\n", "ascii")


def _write_stamp(stamp: dict[str, object]) -> None:
    """Last of all, and in one piece: a stamp stands for a complete installation."""
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps(stamp), "utf-8")
    new.replace(STAMP)
