# wrong: whose database is to be used, where `TEST_DATABASE_URL` names one?
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    with PostgresContainer(image, driver="asyncpg") as container:
        yield container.get_connection_url()
