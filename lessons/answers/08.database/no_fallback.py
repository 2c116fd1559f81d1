# wrong: who starts a server where nobody has named one?
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    yield os.environ["TEST_DATABASE_URL"]
