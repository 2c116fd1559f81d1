# wrong: through which port of this machine does one reach the port of a container?
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    with PostgresContainer(image) as c:
        yield f'postgresql+asyncpg://{c.username}:{c.password}@{c.get_container_host_ip()}:5432/{c.dbname}'
