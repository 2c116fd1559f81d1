# wrong: which line runs after the first `yield`, when the run ends?
from testcontainers.postgres import PostgresContainer

IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    if "TEST_DATABASE_URL" in os.environ:
        yield os.environ["TEST_DATABASE_URL"]
    with PostgresContainer(os.environ.get("TEST_POSTGRES_IMAGE", IMAGE), driver="asyncpg") as container:
        yield container.get_connection_url()
