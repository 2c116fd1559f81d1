"""Is there a Docker engine, asked without waiting for one that is not there."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from workbook.base import settings
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import SETTINGS

ADVICE = "unset WORKBOOK_POSTGRES to use the workbook's own server, which needs no Docker."
COMPOSE = "Install it (Debian and Ubuntu: docker-compose-v2 or docker-compose-plugin)"
INITDB = "--encoding=UTF8 --locale=C --lc-ctype=C.UTF-8"
USUAL = ("/var/run/docker.sock", "~/.docker/run/docker.sock", "~/.orbstack/run/docker.sock")


def off() -> bool:
    """Say whether WORKBOOK_DOCKER forbids the use of Docker."""
    return not settings.read().docker


def engine() -> bool:
    """Say, in a few milliseconds where there is none, whether a Docker engine listens."""
    return not off() and shutil.which("docker") is not None and any(map(_listens, _addresses()))


def need_engine() -> None:
    """Raise PostgresProblem where there is no Docker to be used."""
    if off():
        raise PostgresProblem(f"WORKBOOK_DOCKER is off. Unset it to use Docker, or {ADVICE}")
    if not engine():
        raise PostgresProblem(f"No Docker engine answers here. Start Docker, or {ADVICE}")


def has_compose() -> bool:
    """Say whether the docker command has Compose 2; Debian's docker.io comes without."""
    return docker("compose", "version", seconds=10).returncode == 0


def need_compose() -> None:
    """Raise PostgresProblem where there is no engine to be used, or no Compose."""
    need_engine()
    if not has_compose():
        raise PostgresProblem(f"Docker is here, and Compose 2 is missing. {COMPOSE}, or {ADVICE}")


def docker(
    *args: str, seconds: float, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the docker command; raises PostgresProblem when it takes longer than `seconds`."""
    command = ["docker", *args]
    try:
        return subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    except (subprocess.TimeoutExpired, OSError):
        raise PostgresProblem(
            f"`docker {args[0]}` did not finish within {seconds:.0f} seconds. Restart Docker, or "
            f"{ADVICE}"
        ) from None


def server_options() -> list[str]:
    """Return the command that gives a container's server the same settings as our own."""
    return ["postgres", *(f"-c{key}={value}" for key, value in SETTINGS.items())]


def ran(what: str) -> None:
    """Note that this really ran in a container, in the file that WORKBOOK_DOCKER_LOG names."""
    if log := settings.read().docker_log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{what}\n")


def _addresses() -> Iterator[str]:
    if named := os.environ.get("DOCKER_HOST"):
        yield named
    else:
        yield from (f"unix://{Path(usual).expanduser()}" for usual in USUAL)


def _listens(address: str) -> bool:
    """Knock at the engine's socket; ssh:// and the like are taken to be there."""
    parts = urlsplit(address)
    try:
        if parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(0.5)
                line.connect(parts.path)
        elif parts.scheme in ("tcp", "http", "https"):
            socket.create_connection((parts.hostname or "", parts.port or 2375), 0.5).close()
    except (OSError, ValueError):
        return False
    return True
