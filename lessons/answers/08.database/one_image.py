# wrong: who chooses the version?
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with PostgresContainer(IMAGE, driver="asyncpg") as container:
        yield container.get_connection_url()
