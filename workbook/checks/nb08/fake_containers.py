"""Containers of Postgres that are never started: what a fixture does with one is noted."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core import container

HOST, PORT = "127.0.0.1", 15432
URL_FILE = "url"
"""Beside what is noted: where the last container is, for the driver of the app."""
ENGINE_DOWN_MARKER = "no engine answers"
"""A file; while it is there, no container starts."""


@contextlib.contextmanager
def fake_containers() -> Iterator[Path]:
    """In place of an engine: a container that notes in this file when it starts and stops."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-check-") as folder:
        log = Path(folder) / "events"
        engine = mock.patch.object(container, "DockerClient", lambda **_: None)
        with engine, mock.patch.multiple(PostgresContainer, **_fakes(log)):
            yield log


def _fakes(log: Path) -> dict[str, Any]:
    """The methods that would talk to an engine."""

    def note(what: str) -> None:
        with log.open("a") as file:
            file.write(f"{what}\n")

    def start(self: Any) -> Any:
        if Path(ENGINE_DOWN_MARKER).exists():
            raise ConnectionError(ENGINE_DOWN_MARKER)
        given = [f"named {self._name}"] if self._name else []
        given += [f"on port {here}" for here in self.ports.values() if here]
        self._container = object()
        note(", ".join([f"start {self.image}", *given]))
        log.with_name(URL_FILE).write_text(self.get_connection_url(driver="asyncpg"), "utf-8")
        return self

    def stop(self: Any, *_: object, **__: object) -> None:
        self._container = None
        note(f"stop, after {len(lines_of('seen'))} tests")

    return {
        "start": start,
        "__enter__": start,
        "stop": stop,
        "__exit__": stop,
        "get_container_host_ip": lambda self: HOST,
        "get_exposed_port": lambda self, port: PORT,
    }


def lines_of(path: Path | str) -> list[str]:
    """What is noted there so far."""
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []
