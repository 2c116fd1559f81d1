"""Sorted imports, by ruff, for a file of the app that several cells write."""

import subprocess

from ruff import find_ruff_bin

RULES = [
    "--isolated",
    "--select=I",
    "--config=lint.isort.known-first-party=['app', 'tests']",
    "--config=lint.isort.known-third-party=['alembic']",
    "--config=line-length=100",
]


def imports(text: str) -> str:
    """The same file with its imports joined and in order; as it was where ruff cannot help."""
    command = [find_ruff_bin(), "check", "--fix-only", "--quiet", *RULES, "-"]
    try:
        ran = subprocess.run(command, input=text, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return text
    return ran.stdout if ran.returncode == 0 and ran.stdout else text
