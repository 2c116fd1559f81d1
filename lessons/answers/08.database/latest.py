# wrong: which version will that be in a year?
IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with PostgresContainer(
        os.environ.get("TEST_POSTGRES_IMAGE", "postgres:latest"), driver="asyncpg"
    ) as container:
        yield container.get_connection_url()
