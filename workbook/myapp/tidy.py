"""Python as ruff writes it: sorted imports for a file of the app that several cells write."""

import subprocess

from ruff import find_ruff_bin

FIX = ["check", "--fix-only", "--quiet", "--isolated"]
LENGTH = "--config=line-length=100"
SORTED = [
    "--config=lint.isort.known-first-party=['app', 'tests']",
    "--config=lint.isort.known-third-party=['alembic']",
    LENGTH,
]


def imports(text: str) -> str:
    """The same file with its imports joined and in order; as it was where ruff cannot help."""
    return _ruff(text, *FIX, "--select=I", *SORTED)


def code(text: str) -> str:
    """The same code to be read: no import that it does not use, in order, and formatted."""
    used = _ruff(text, *FIX, "--select=I,F401", *SORTED)
    return _ruff(used, "format", "--quiet", "--isolated", LENGTH)


def _ruff(text: str, *arguments: str) -> str:
    command = [find_ruff_bin(), *arguments, "-"]
    try:
        ran = subprocess.run(command, input=text, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return text
    return ran.stdout if ran.returncode == 0 and ran.stdout else text
