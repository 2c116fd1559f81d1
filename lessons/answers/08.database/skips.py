# wrong: what does a green run say in which these tests were skipped?
IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    try:
        container = PostgresContainer(image, driver="asyncpg")
        container.start()
    except Exception as error:
        pytest.skip(f"no Docker: {error}")
    yield container.get_connection_url()
    container.stop()
