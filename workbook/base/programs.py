"""The programs of this Python's environment: alembic, uvicorn, jupyter and their like."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def folder() -> str:
    """Where they are: `bin` of the virtual environment."""
    return str(Path(sys.executable).parent)


def search_path(
    environment: Mapping[str, str] = os.environ, first: Path | str | None = None
) -> str:
    """The PATH of this environment, or the system's where it has none, with our programs first.

    Or with those of another folder.
    """
    return os.pathsep.join([str(first or folder()), environment.get("PATH") or os.defpath])
