"""The programs of this Python's environment: alembic, uvicorn, jupyter and their like."""

import os
import sys
from pathlib import Path


def folder() -> str:
    """Where they are: `bin` of the virtual environment."""
    return str(Path(sys.executable).parent)


def search_path(path: str | None = None) -> str:
    """This PATH, or the system's where there is none, with our programs first."""
    return os.pathsep.join([folder(), path or os.defpath])
