"""Which Python of this machine makes `.venv`: the newest one that the workbook is proved with.

A Python that somebody named stays: by its version, by its path, or in pyenv.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook.base.paths import ROOT
from workbook.cli.setup import accounts, sources

OLDEST, NEWEST = (3, 11), (3, 15)
FACTS = """
import importlib.util, json, os, sys, sysconfig
base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
usual = sys.implementation.name == "cpython" and sys.maxsize > 2**32
usual = usual and not sysconfig.get_config_var("Py_GIL_DISABLED")
parts = all(importlib.util.find_spec(name) for name in ("ensurepip", "venv"))
print(json.dumps([sys.version_info[:2], base, bool(usual and parts)]))
"""


@dataclass(frozen=True)
class Python:
    """One Python of this machine; `base` is its program, behind links and environments."""

    program: str
    version: tuple[int, int]
    base: str
    complete: bool
    """Whether it is of the usual kind, and has what an environment is made with."""

    def __str__(self) -> str:
        return f"Python {_dotted(self.version)} ({self.program})"

    def rank(self) -> tuple[bool, bool, tuple[int, int]]:
        """What makes one better than another, the weightiest first."""
        proved = self.complete and self.version in _proved()
        return proved, not accounts.is_closed_to_others(self.base), self.version


def better() -> tuple[str, str]:
    """The program to go on with, and why; no program where this one does, and no word if rightly.

    In a folder that other accounts can open, a Python that they can reach is better.
    """
    mine = _asked(sys.executable)
    others = [] if mine is None or _is_named() else [*_others()]
    best = max(others, key=Python.rank, default=mine)
    if mine is None or best is None or best.rank() <= mine.rank():
        return "", "" if mine is None else _doubts(mine)
    proved, open_to_all, _ = (
        one == other for one, other in zip(mine.rank(), best.rank(), strict=True)
    )
    if not proved:
        why = f"{mine} is none that the workbook is proved with"
    elif not open_to_all:
        why = f"Other accounts can open this folder, and not {mine}"
    else:
        why = f"{mine} is not the newest here"
    return best.program, f"{why}; the workbook goes on with {best}."


def _doubts(mine: Python) -> str:
    """What has to be said of a Python that is taken although it is none of the proved."""
    if OLDEST <= mine.version <= NEWEST:
        return ""
    newest = _dotted(NEWEST)
    return (
        f"The workbook is proved with Python {_dotted(OLDEST)} to {newest}, and goes on with "
        f"{mine}. Where that fails, install one of those, and run: python{newest} wb lab"
    )


def _is_named() -> bool:
    """Whether somebody chose this Python, and did not just take the usual one."""
    return sys.orig_argv[0] != "python3"


def _proved() -> list[tuple[int, int]]:
    """The versions that the workbook is proved with; of these, those that `wheels/` is made for."""
    minors = sources.minors() if sources.beside() else set()
    every = [(3, minor) for minor in range(OLDEST[1], NEWEST[1] + 1)]
    return [each for each in every if not minors or each[1] in minors]


def _others() -> Iterator[Python]:
    """Those that PATH has under a version's name, and that run."""
    for version in _proved():
        for folder in os.get_exec_path():
            program = Path(folder, f"python{_dotted(version)}")
            if os.access(program, os.X_OK) and (found := _asked(str(program))):
                yield found


def _asked(program: str) -> Python | None:
    """What this program says of itself; nothing where it does not run, as a shim may not."""
    try:
        said = subprocess.check_output(
            [program, "-c", FACTS], stderr=subprocess.DEVNULL, cwd=ROOT, timeout=20
        )
        version, base, complete = json.loads(said)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Python(program, (version[0], version[1]), base, complete)


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
