"""What a container runs, as far as it is uvicorn: its address, its port, and its patience."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.stack.dockerfile_text import DockerfileError
from workbook.stack.dockerfile_variables import filled

EVERYWHERE = ("0.0.0.0", "::")
PATIENCE = "20"


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
    return Server(option("--host", "127.0.0.1"), option("--port", "8000"), patience)


def _told(part: str, variables: Mapping[str, str]) -> str:
    """The word or the line, with the variables in it that we know."""
    with contextlib.suppress(DockerfileError):
        return filled(part, variables)
    return part


def shown(command: Sequence[str]) -> str:
    """The command in one line."""
    return " ".join(command) or "nothing"
