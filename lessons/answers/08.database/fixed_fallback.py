# wrong: whose server is that, and who has started it?
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    yield os.environ.get("TEST_DATABASE_URL", "postgresql+asyncpg://postgres:postgres@localhost:5432/postgres")
