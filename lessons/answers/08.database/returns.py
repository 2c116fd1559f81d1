# right: there is no `yield`: `addfinalizer` hands pytest the call that stops the container, and pytest makes it when the run ends
@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> str:
    """A database."""
    if "TEST_DATABASE_URL" in os.environ:
        return os.environ["TEST_DATABASE_URL"]
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    container = PostgresContainer(image, password=secrets.token_hex(), driver="asyncpg")
    container.ports["5432"] = ("127.0.0.1", None)  # type: ignore[assignment]
    container.start()
    request.addfinalizer(container.stop)
    return container.get_connection_url()
