# wrong: which method of the container gives its URL?
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    with PostgresContainer(image, driver='asyncpg') as container:
        yield container
