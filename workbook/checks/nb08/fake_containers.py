"""Containers that are never started: what a fixture does with testcontainers is noted.

Only the engine is an imitation; all of testcontainers itself runs as it does everywhere.
"""

import contextlib
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from docker.errors import DockerException
from docker.models.containers import ExecResult
from sqlalchemy import URL
from testcontainers.core import container
from testcontainers.core.config import ConnectionMode, testcontainers_config

HOST = "127.0.0.1"
URL_FILE = "url"
"""Beside what is noted: where the last container is, for the driver of the app."""
ENGINE_DOWN_MARKER = "no engine answers"
"""A file; while it is there, no container is made."""
EVERYWHERE = "its port open on every address of this machine"
NO_IMAGE_MARKER = "no such image"
"""A file; while it is there, no container that was made starts."""
READY = b"LOG:  database system is ready to accept connections\n"
LOGS = b"PostgreSQL init process complete; ready for start up.\n"


@contextlib.contextmanager
def fake_containers() -> Iterator[Path]:
    """In place of an engine: one that notes in this file when a container starts and stops."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-check-") as folder:
        log = Path(folder) / "events"
        with socket.create_server((HOST, 0)) as listening:  # for whoever waits for the port
            engine = _Engine(log, listening.getsockname()[1])
            client = mock.patch.object(container, "DockerClient", engine.client)
            with client, mock.patch.object(testcontainers_config, "_ryuk_disabled", True):
                yield log


class _Engine:
    """What stands for a client of Docker's: as much of it as testcontainers asks for."""

    def __init__(self, log: Path, port: int) -> None:
        self._log, self._port = log, port
        self.api = SimpleNamespace(close=lambda: None)

    def client(self, **_: Any) -> Any:
        """A client, where an engine answers."""
        if Path(ENGINE_DOWN_MARKER).exists():
            raise DockerException(f"Error while fetching server API version: {ENGINE_DOWN_MARKER}")
        return SimpleNamespace(
            client=self.api,
            create=self._create,
            start=lambda _: None,
            host=lambda: HOST,
            port=lambda *_: self._port,
            get_connection_mode=lambda: ConnectionMode.docker_host,
        )

    def _create(
        self,
        image: str,
        environment: dict[str, str],
        ports: dict[str, Any],
        name: str | None = None,
        **_: Any,
    ) -> Any:
        if Path(NO_IMAGE_MARKER).exists():
            raise DockerException(f"{NO_IMAGE_MARKER}: {image}")
        given = [f"named {name}"] if name else []
        bindings = {str(port).removesuffix("/tcp"): here for port, here in ports.items()}
        given += [f"on port {here}" for here in bindings.values() if _fixed(here)]
        given += [EVERYWHERE for here in bindings.values() if not _on_loopback(here)]
        self._note(", ".join([f"start {image}", *given]))
        self._log.with_name(URL_FILE).write_text(self._url(environment), "utf-8")
        return SimpleNamespace(
            id="none",
            short_id="none",
            status="running",
            attrs={},
            reload=lambda: None,
            logs=lambda stdout=True, stderr=True: LOGS * stdout + 2 * READY * stderr,
            exec_run=lambda *_, **__: ExecResult(0, b""),
            remove=lambda **_: self._note(f"stop, after {len(lines_of('seen'))} tests"),
            stop=lambda **_: None,
        )

    def _url(self, environment: dict[str, str]) -> str:
        """What leads to a server of the official image in this environment."""
        user = environment.get("POSTGRES_USER", "postgres")
        url = URL.create(
            "postgresql+asyncpg",
            user,
            environment.get("POSTGRES_PASSWORD"),
            HOST,
            self._port,
            environment.get("POSTGRES_DB", user),
        )
        return url.render_as_string(hide_password=False)

    def _note(self, what: str) -> None:
        with self._log.open("a") as file:
            file.write(f"{what}\n")


def _fixed(binding: Any) -> bool:
    """Whether a second run would ask for the same port: an address alone leaves it to Docker."""
    return bool(binding[1:] and binding[1] if isinstance(binding, tuple) else binding)


def _on_loopback(binding: Any) -> bool:
    """Whether only this machine reaches the port: a binding without an address is on every one."""
    return isinstance(binding, tuple) and str(binding[0]).startswith("127.")


def lines_of(path: Path | str) -> list[str]:
    """What is noted there so far."""
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []
