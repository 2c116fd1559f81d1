# right: the line behind the `yield` stops the server, which pytest reaches also when a test has failed
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    if "TEST_DATABASE_URL" in os.environ:
        yield os.environ["TEST_DATABASE_URL"]
    else:
        image = os.environ.get("TEST_POSTGRES_IMAGE") or IMAGE
        container = PostgresContainer(image, password=secrets.token_hex(16), driver="asyncpg")
        container.ports["5432"] = ("127.0.0.1", None)  # type: ignore[assignment]
        container.start()
        yield container.get_connection_url()
        container.stop()
