# wrong: who ends the whole run, and what does its exit code say?
from testcontainers.postgres import PostgresContainer

IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    postgres = PostgresContainer(os.environ.get("TEST_POSTGRES_IMAGE", IMAGE), driver="asyncpg")
    try:
        postgres.start()
    except Exception as error:
        pytest.exit(f"no container: {error}", returncode=0)
    yield postgres.get_connection_url()
    postgres.stop()
