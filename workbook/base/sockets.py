"""Where folders of Unix sockets are made: a socket's path has room for some 100 characters."""

import tempfile
from pathlib import Path

ROOM = 50
"""Characters of the folder that ours are made in."""


def home() -> Path:
    """The folder for temporary ones; `/tmp` where its path leaves no room for a socket's."""
    usual = Path(tempfile.gettempdir())
    return usual if len(str(usual)) <= ROOM else Path("/tmp")
