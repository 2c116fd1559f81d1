"""Docker, Compose and ports: without an engine, the client library's real classes."""

import socket
from types import SimpleNamespace
from unittest.mock import MagicMock

import requests
from docker.errors import create_api_error_from_http_exception
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

import docker
from reported import Place, raises


@raises("DockerException: no engine answers")
async def no_engine(place: Place) -> None:
    docker.DockerClient(base_url="unix:///no/such/docker.sock", version="auto")


def refused(status: int, said: str) -> None:
    """What the client raises for an answer of the engine."""
    response = requests.Response()
    response.status_code = status
    response._content = f'{{"message": "{said}"}}'.encode()
    response.headers["Content-Type"] = "application/json"
    try:
        response.raise_for_status()
    except requests.HTTPError as error:
        create_api_error_from_http_exception(error)


@raises("APIError: port is already allocated")
async def port_allocated(place: Place) -> None:
    bind = "driver failed programming external connectivity on endpoint night"
    refused(500, f"{bind}: Bind for 0.0.0.0:5432 failed: port is already allocated")


@raises("ImageNotFound: no such image")
async def pull_denied(place: Place) -> None:
    refused(404, "pull access denied for nightwatch, repository does not exist")


@raises("ImageNotFound: no such image")
async def unknown_tag(place: Place) -> None:
    refused(404, "manifest for postgres:99 not found: manifest unknown: manifest unknown")


@raises("ImageNotFound: no such image")
async def not_built(place: Place) -> None:
    refused(404, "No such image: nightwatch:latest")


@raises("TimeoutError: a container that was not ready in time")
async def not_ready(place: Place) -> None:
    container = MagicMock()
    container.get_logs.return_value = (b"", b"")
    container.get_wrapped_container.return_value = SimpleNamespace(
        status="running", reload=lambda: None
    )
    strategy = LogMessageWaitStrategy("ready").with_startup_timeout(1)
    strategy.wait_until_ready(container)


@raises("OSError: the port has somebody else")
async def port_taken(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as other:
        other.bind(taken.getsockname())


@raises("APIError: a container of this name exists")
async def name_taken(place: Place) -> None:
    refused(409, "Conflict. The container name /db is already in use by container 0123. Remove it.")


@raises("ConnectionError: a port that Docker did not publish")
async def not_published(place: Place) -> None:
    client = DockerClient.__new__(DockerClient)
    client.client = MagicMock()
    client.client.api.port.return_value = None
    client.port("0123456789ab", 8080)


@raises("APIError: a start script that may not run")
async def start_script_without_its_right(place: Place) -> None:
    made = "OCI runtime create failed: unable to start container process"
    refused(400, f'{made}: exec: \\"/app/entrypoint.sh\\": permission denied: unknown')


@raises("NotFound: a network or a container that is gone")
async def network_that_nobody_made(place: Place) -> None:
    refused(404, "network backend not found")


@raises("NotFound: a network or a container that is gone")
async def volume_that_nobody_made(place: Place) -> None:
    refused(404, "get night: no such volume")
