"""Python as ruff writes it: a file of the app that several cells write, and code to be read."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ruff import find_ruff_bin

FIX = ["check", "--fix-only", "--quiet", "--isolated", "--no-cache"]
LENGTH = "--config=line-length=100"
SORTED = [
    "--config=lint.isort.known-first-party=['app', 'tests']",
    "--config=lint.isort.known-third-party=['alembic']",
    LENGTH,
]


def imports(text: str) -> str:
    """The same file with its imports joined and in order; as it was where ruff cannot help."""
    said = _ruff([*FIX, "--select=I", *SORTED, "-"], text)
    return said or text


def code(texts: Sequence[str]) -> list[str]:
    """The same pieces of code: no import that one does not use, in order, and formatted."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-tidy-") as folder:
        files = [Path(folder) / f"{number}.py" for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, "utf-8")
        _ruff([*FIX, "--select=I,F401", *SORTED, folder])
        _ruff(["format", "--quiet", "--isolated", "--no-cache", LENGTH, folder])
        return [file.read_text("utf-8") for file in files]


def _ruff(arguments: list[str], text: str = "") -> str:
    """What ruff prints; nothing where it cannot help."""
    command = [find_ruff_bin(), *arguments]
    try:
        ran = subprocess.run(command, input=text, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout if ran.returncode == 0 else ""
