"""Where folders of Unix sockets are made: a socket's path has room for some 100 characters."""

import os
import tempfile
from pathlib import Path

from workbook.base.platforms import SOCKET_PATH_BYTES

LONGEST_NAME_BYTES = 53
"""What stands below it: the folder of a stack, of a database in it, and the socket's own name."""
ROOM = SOCKET_PATH_BYTES - LONGEST_NAME_BYTES
"""Bytes of the folder that ours are made in."""


def home() -> Path:
    """The folder for temporary ones; `/tmp` where its path leaves no room for a socket's."""
    usual = Path(tempfile.gettempdir())
    return usual if len(os.fsencode(usual)) <= ROOM else Path("/tmp")
