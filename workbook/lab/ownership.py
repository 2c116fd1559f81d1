"""Which kernel has a notebook's database: whoever started last took it from the one before."""

import os
import secrets
import time

from workbook.base import paths
from workbook.workspace import files


class Ownership:
    """One kernel's claim on one database; it is noted in a file, which the next claim replaces."""

    def __init__(self, database: str) -> None:
        self._path = paths.state() / "kernels" / database
        self._note = ""

    def claim(self) -> None:
        """Take the database, from whichever kernel has it."""
        self._note = f"{os.getpid()} {time.strftime('%H:%M')} {secrets.token_hex(8)}"
        files.write(self._path, self._note)

    def taken(self) -> str:
        """Who has taken it since, and what to do, in a sentence; empty while it is ours."""
        try:
            now = self._path.read_text("utf-8")
        except (OSError, ValueError):
            return ""
        if not self._note or now == self._note or len(now.split()) != 3:
            return ""
        pid, when, _ = now.split()
        return (
            f"Another kernel (process {pid}) has started this notebook at {when} and has its "
            "database now. Go on there and shut this kernel down, or run the start cell here: "
            "this one then takes it back."
        )
