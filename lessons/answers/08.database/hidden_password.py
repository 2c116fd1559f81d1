# wrong: what does a driver need besides the address?
IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    from sqlalchemy import make_url

    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    with PostgresContainer(image) as container:
        yield str(make_url(container.get_connection_url()).set(drivername="postgresql+asyncpg"))
