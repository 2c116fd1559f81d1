"""Files that many processes make again: temporary ones in memory, compiled ones kept.

Making a cluster is mostly making files, and thousands of processes import the same modules.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from workbook.base import platforms

PLACE = platforms.FOLDER_IN_MEMORY
NEEDED_BYTES = 4_000_000_000


def use() -> None:
    """Let this process, and what it starts, keep temporary files in memory if it can hold them.

    TMPDIR says otherwise. What they import is compiled once, whatever PYTHONDONTWRITEBYTECODE says.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "TMPDIR" not in os.environ and _has_room(PLACE):
        os.environ["TMPDIR"] = str(PLACE)
        tempfile.tempdir = None  # it is asked anew


def _has_room(place: Path) -> bool:
    """Whether files can be made and programs be run there, some gigabytes of them."""
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        return False
    runs = not os.statvfs(place).f_flag & getattr(os, "ST_NOEXEC", 0)
    return runs and shutil.disk_usage(place).free > NEEDED_BYTES
