"""A container of the app's image with no other beside it, as a plain process."""

from pathlib import Path

from workbook.base.programs import search_path
from workbook.stack.addresses import WEB
from workbook.stack.compose_file import Service
from workbook.stack.network import Network
from workbook.stack.process import ManagedProcess

NO_DATABASE = "postgresql+asyncpg://nobody@127.0.0.1:9/nowhere"
"""An address where nobody listens."""


def lone_container(service: Service, url: str) -> tuple[ManagedProcess, Network]:
    """A container for this service and database, not started; and the ports that it has here."""
    network = Network()
    network.join([service])
    port = str(network.port(service.name, WEB))
    env = {"PATH": search_path(), "DATABASE_URL": url, "UVICORN_PORT": port}
    return ManagedProcess(Path.cwd(), env), network
