# right: `start` and `stop` stand in place of the `with`; the driver is named where the URL is asked for
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    named = os.environ.get("TEST_DATABASE_URL", "")
    if named:
        yield named
    else:
        container = PostgresContainer(os.getenv("TEST_POSTGRES_IMAGE") or IMAGE, password=secrets.token_hex())
        container.ports["5432"] = ("127.0.0.1", None)  # type: ignore[assignment]
        container.start()
        try:
            yield container.get_connection_url(driver="asyncpg")
        finally:
            container.stop()
