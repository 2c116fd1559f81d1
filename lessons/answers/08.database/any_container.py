# right: a generic container, and its log
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
    box.ports[5432] = ("127.0.0.1", None)  # type: ignore[assignment]
    with box as container:
        wait_for_logs(container, "ready to accept connections")
        yield f"postgresql+asyncpg://postgres:{password}@{container.get_container_host_ip()}:{container.get_exposed_port(5432)}/postgres"
