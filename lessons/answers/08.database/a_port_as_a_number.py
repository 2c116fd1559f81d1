# right: the port's key is a number; Docker is told of one port all the same, at the address that was set last
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    container = PostgresContainer(image, password=secrets.token_urlsafe(), driver="asyncpg")
    container.ports[5432] = ("127.0.0.1", None)  # type: ignore[assignment]
    with container:
        yield container.get_connection_url()
