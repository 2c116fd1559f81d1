"""What the doctor asks of the installation itself: Python, `.venv`, the kernel, the server."""

import sys
from collections.abc import Iterator
from pathlib import Path

from workbook.base import paths, settings
from workbook.cli import install
from workbook.cli.doctor.finding import Finding
from workbook.cli.setup import accounts, pythons

AGAIN = "./wb doctor --again"
ACCOUNTS = "getent passwd  (it lists the accounts that the sentence speaks of)"


def python() -> Iterator[Finding]:
    """One of the Pythons that the workbook is proved with."""
    oldest, newest = pythons.OLDEST, pythons.NEWEST
    version = ".".join(map(str, sys.version_info[:3]))
    proved = oldest <= sys.version_info[:2] <= newest
    yield Finding(
        sys.version_info >= oldest,
        f"This is Python {version}; the workbook is proved with {oldest[0]}.{oldest[1]} to "
        f"{newest[0]}.{newest[1]}.",
        None if proved else f"python{newest[0]}.{newest[1]} wb doctor --again",
    )


def other_accounts() -> Iterator[Finding]:
    """Where others can open the checkout, they should be able to reach its Python."""
    if closed := accounts.closed_python():
        yield Finding(True, *closed)


def packages() -> Iterator[Finding]:
    """A `.venv` made here, from today's requirements."""
    if Path(sys.prefix) != paths.ROOT / ".venv":
        yield Finding(True, f"This runs in {sys.prefix}, not in this folder's .venv.", "Use ./wb")
        return
    current = not install.stale_parts()
    words = "is complete and current" if current else "is not complete, or not current"
    yield Finding(current, f"The folder .venv {words}.", None if current else "./wb status")


def kernel() -> Iterator[Finding]:
    """The kernel that JupyterLab starts for a notebook."""
    spec = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    there = spec.is_file()
    words = "is there" if there else f"is missing ({spec})"
    yield Finding(there, f"The Python kernel for notebooks {words}.", None if there else AGAIN)


def server_programs() -> Iterator[Finding]:
    """PostgreSQL's programs, and the account they run under."""
    from workbook.postgres import PostgresProblem, binaries
    from workbook.postgres.account import must_have_a_name, server_account

    repair = AGAIN
    try:
        folder, version = binaries.find()
        repair = ACCOUNTS
        account = server_account()
        must_have_a_name()
    except PostgresProblem as problem:
        yield Finding(False, str(problem), repair)
        return
    yield Finding(True, f"PostgreSQL {version} is there ({folder}).")
    if account:
        yield Finding(True, f"You are root; PostgreSQL then runs as {account.name}. That is fine.")


def server() -> Iterator[Finding]:
    """The embedded server: running, at rest, or left behind by a crash."""
    from workbook import postgres

    if settings.read().database_url:
        yield from _named_server()
        return
    mine = postgres.of_checkout()
    if mine.running() and not mine.alive():
        yield Finding(False, "PostgreSQL runs and takes no connections.", "./wb db stop")
    elif mine.running():
        yield Finding(True, f"PostgreSQL runs on port {mine.port} and takes connections.")
        yield _reaper(mine.has_reaper())
    elif mine.crashed():
        words = "PostgreSQL was killed; its next start clears that up by itself."
        yield Finding(True, words, "Nothing to do.")
    else:
        yield Finding(True, "PostgreSQL is not running; a notebook starts it.")


def _reaper(there: bool) -> Finding:
    """Whether the process lives that stops the server when nobody is left."""
    words = "stops by itself when nobody uses it" if there else "would never stop by itself"
    return Finding(there, f"That server {words}.", None if there else "./wb db stop")


def _named_server() -> Iterator[Finding]:
    from workbook import postgres

    try:
        alive = postgres.attach().alive()
        said = "" if alive else "It does not answer."
    except postgres.PostgresProblem as problem:
        alive, said = False, str(problem)
    words = "is usable" if alive else f"is not usable. {said}"
    repair = "unset WORKBOOK_DATABASE_URL  (the workbook then starts its own)"
    if settings.read().work_outside:  # that is the container's own, and cannot be unset there
        repair = "docker compose up --build  (on your own machine)"
    what = f"The server that WORKBOOK_DATABASE_URL names {words}"
    yield Finding(alive, what, None if alive else repair)


ALL = [python, other_accounts, packages, kernel, server_programs, server]
