"""What a container runs, as far as it is uvicorn: its address, its port, and its patience."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.checks.verdict import NotYet
from workbook.stack.dockerfile_text import DockerfileError
from workbook.stack.dockerfile_variables import filled

EVERYWHERE = ("0.0.0.0", "::")
PORT, PATIENCE = "8000", "20"
WAITS = "how long does the server wait for a request that is running?"


@dataclass(frozen=True)
class Server:
    """The options of a uvicorn that count here, from its command or from its variables."""

    host: str
    port: str
    patience: str
    """Seconds for requests that run; empty where nothing is said."""


def uvicorn(command: Sequence[str], variables: Mapping[str, str]) -> Server | None:
    """The server that this command starts; None where it does not name uvicorn."""
    told = [_told(part, variables) for part in command]
    words = [word.strip("'\"") for part in told for word in re.split(r"[\s=;&|()]+", part)]
    if "uvicorn" not in [word.rpartition("/")[2] for word in words]:
        return None

    def option(name: str, usual: str) -> str:
        if name in words[:-1]:
            return words[words.index(name) + 1]
        return variables.get(f"UVICORN_{name.strip('-').replace('-', '_').upper()}", usual)

    patience = option("--timeout-graceful-shutdown", "")
    return Server(option("--host", "127.0.0.1"), option("--port", PORT), patience)


def _told(part: str, variables: Mapping[str, str]) -> str:
    """The word or the line, with the variables in it that we know."""
    with contextlib.suppress(DockerfileError):
        return filled(part, variables)
    return part


def listens_and_waits(
    command: Sequence[str], variables: Mapping[str, str], start: str, stop: str, waits: str = WAITS
) -> None:
    """It serves others on its port, and says how long it waits for a request that runs.

    `start` and `stop` are the commands of Docker's that are tried, `waits` is the question where
    its patience is another.
    """
    server, got = uvicorn(command, variables), f"it runs {' '.join(command) or 'nothing'}"
    if server is None:
        ask = "which server is in requirements.txt, and which of its options waits at the end?"
        raise NotYet.looked_at(
            start, got=got, wanted="uvicorn, with 20 seconds at the end", ask=ask
        )
    if server.host not in EVERYWHERE:
        ask = "where do the requests come from, seen from inside?"
        raise NotYet.looked_at(
            start, got=got, wanted="a server on the container's address", ask=ask
        )
    if server.port != PORT:
        got = f"{got}: nobody listens on {PORT}"
        ask = "at which port do the others ask?"
        raise NotYet.looked_at(start, got=got, wanted=f"a server on port {PORT}", ask=ask)
    if server.patience != PATIENCE:
        wanted = f"{PATIENCE} seconds for running requests"
        if server.patience == f"{PATIENCE}s":
            waits = "in what does uvicorn count there, and does it take a unit behind the number?"
        raise NotYet.looked_at(stop, got=got, wanted=wanted, ask=waits)


def does_not_migrate(command: Sequence[str], start: str, ask: str) -> None:
    """Where the line itself upgrades the database, nobody has to wait for a replay to see it."""
    line = " ".join(command)
    if re.search(r"\balembic\b.*\bupgrade\b", line):
        raise NotYet.looked_at(
            start, got=f"it runs {line}", wanted="a server, and no migration before it", ask=ask
        )
