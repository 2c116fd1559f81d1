# wrong: what happens to an error that is returned, and what to one that is raised?
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    size = (max_connections - reserved) // ((replicas + 1) * workers)
    if size < 1:
        return ValueError("not one connection for each worker")
    return size
