# wrong: which names of databases does `engine` take?
IMAGE = "postgres:18-alpine"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run: the one that TEST_DATABASE_URL names, or a container's."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    server = PostgresContainer(
        image, password=secrets.token_urlsafe(), dbname="nightwatch", driver="asyncpg"
    )
    server.ports["5432"] = ("127.0.0.1", None)  # type: ignore[assignment]
    with server:
        yield server.get_connection_url()
