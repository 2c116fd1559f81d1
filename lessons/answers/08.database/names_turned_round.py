# wrong: which argument of `get` names the variable
import os
import secrets
import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from testcontainers.postgres import PostgresContainer

IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get(IMAGE, "TEST_POSTGRES_IMAGE")
    container = PostgresContainer(image, password=secrets.token_urlsafe(), driver="asyncpg")
    container.ports["5432"] = ("127.0.0.1", None)
    with container:
        yield container.get_connection_url()
