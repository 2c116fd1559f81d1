"""A server in a container of this process, by testcontainers; it ends with the process."""

import atexit
import contextlib
import secrets
from typing import Any

from workbook.base import settings
from workbook.base.sync import run_coroutine
from workbook.postgres import probe
from workbook.postgres.compose import ensure_app_role
from workbook.postgres.docker import ADVICE, INITDB, need_engine, server_options
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import ADMIN, APP, Mode, Role

HERE = "127.0.0.1"


class ContainerServer:
    """A container that the process which started it also removes."""

    kind = "testcontainers"
    owned, shared = True, False
    maintenance = "postgres"

    def __init__(self, container: Any, password: str) -> None:
        self._container = container
        self._password = password
        host, port = container.get_container_host_ip(), container.get_exposed_port(5432)
        self._address = "127.0.0.1" if host == "localhost" else str(host), int(port)

    def url(self, database: str = "postgres", *, role: Role = "app") -> str:
        """Return a plain `postgresql://` URL."""
        name = ADMIN if role == "admin" else APP
        host, port = self._address
        return f"postgresql://{name}:{self._password}@{host}:{port}/{database}"

    def alive(self) -> bool:
        """Say within two seconds whether the server takes connections."""
        return probe.answers(*self._address)

    def start(self) -> None:
        """Start the container again; raises PostgresProblem."""
        self._container.get_wrapped_container().start()
        if not probe.wait_until_answers(*self._address, seconds=60):
            raise PostgresProblem(
                f"The container's server does not answer. Restart Docker, or {ADVICE}"
            )

    def stop(self, mode: Mode = "fast") -> None:
        """Stop the container; `immediate` is a crash."""
        wrapped = self._container.get_wrapped_container()
        if mode == "immediate":
            wrapped.kill(signal="SIGQUIT")
        wrapped.stop(timeout=20)

    def release(self) -> None:
        """Remove the container, if it is there still."""
        with contextlib.suppress(Exception):
            self._container.stop()


def start() -> ContainerServer:
    """Start a container, to be removed when this process ends; raises PostgresProblem."""
    need_engine()
    from testcontainers.community.postgres import PostgresContainer

    image = settings.read().pg_image or "postgres:18-alpine"
    password = secrets.token_urlsafe(16)
    container = PostgresContainer(image, 5432, ADMIN, password, "postgres", driver=None)
    container.with_command(server_options())
    ports: dict[str, Any] = container.ports
    ports["5432"] = (HERE, probe.free_port())  # with_bind_ports publishes on all addresses
    container.with_env("POSTGRES_INITDB_ARGS", INITDB)
    try:
        container.start()
    except Exception as error:
        raise PostgresProblem(
            f"A container of {image} did not start ({type(error).__name__}). Try `docker pull "
            f"{image}`, or {ADVICE}"
        ) from error
    server = ContainerServer(container, password)
    atexit.register(server.release)
    run_coroutine(lambda: ensure_app_role(server.url(role="admin"), password))
    return server
