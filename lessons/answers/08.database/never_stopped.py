# wrong: who stops what you started, and when?
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    container = PostgresContainer(image, driver="asyncpg")
    container.start()
    yield container.get_connection_url()
