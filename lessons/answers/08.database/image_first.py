# wrong: whose database is to be used, where `TEST_DATABASE_URL` names one?
IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    image = os.environ.get("TEST_POSTGRES_IMAGE")
    url = os.environ.get("TEST_DATABASE_URL")
    if url and not image:
        yield url
        return
    with PostgresContainer(image or IMAGE, driver="asyncpg") as container:
        yield container.get_connection_url()
