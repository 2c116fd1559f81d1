# right: `DockerContainer` takes any image, and waits for nothing by itself: the log of PostgreSQL's image says twice that the server is ready, and the first time is for its own setting up
@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    image = os.environ.get("TEST_POSTGRES_IMAGE", IMAGE)
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.waiting_utils import wait_for_logs
    password = secrets.token_hex()
    box = DockerContainer(image).with_env("POSTGRES_PASSWORD", password)
    box = box.with_env("POSTGRES_DB", "tests")
    box.ports[5432] = ("127.0.0.1", None)  # type: ignore[assignment]
    with box as container:
        wait_for_logs(container, r"(?s)ready to accept connections.*ready to accept connections")
        port = container.get_exposed_port(5432)
        yield f"postgresql+asyncpg://postgres:{password}@127.0.0.1:{port}/tests"
