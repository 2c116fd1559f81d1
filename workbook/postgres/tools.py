"""Run one of PostgreSQL's own programs, under the account that the server has."""

import os
import subprocess
import tempfile
from pathlib import Path

from workbook.postgres.account import Account
from workbook.postgres.problem import PostgresProblem


def clean_environment() -> dict[str, str]:
    """Return our environment without what would steer PostgreSQL elsewhere, speaking English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def run(
    program: Path, *args: str | Path, account: Account | None, text: str = "", seconds: float = 90.0
) -> tuple[int, str]:
    """Return exit code and output; its output is a file, since a server would keep a pipe open."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(text.encode())
        given.seek(0)
        try:
            done = subprocess.run(
                [program, *args],
                stdin=given,
                stdout=said,
                stderr=said,
                cwd="/",
                env=clean_environment(),
                start_new_session=True,
                timeout=seconds,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except subprocess.TimeoutExpired:
            raise PostgresProblem(
                f"{program.name} did not finish within {seconds:.0f} seconds. "
                "Look whether the machine is very busy or its disk is full, and try again."
            ) from None
        said.seek(0)
        return done.returncode, said.read().decode(errors="replace")
