# right: the user and the database have other names, and the server gets an option; the driver is put into the URL afterwards
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for this run."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named is not None:
        yield named
    else:
        image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
        password = f"a b@c{secrets.token_hex()}"
        container = PostgresContainer(
            image=image, username="nightwatch", password=password, dbname="tests", driver=None
        )
        container.ports["5432"] = ("127.0.0.1", None)  # type: ignore[assignment]
        with container.with_env("LANG", "C").with_command("-c fsync=off") as running:
            yield running.get_connection_url().replace("://", "+asyncpg://", 1)
