# wrong: who needs a container where a server is named?
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    with PostgresContainer(image, driver="asyncpg") as container:
        yield os.environ.get("TEST_DATABASE_URL") or container.get_connection_url()
