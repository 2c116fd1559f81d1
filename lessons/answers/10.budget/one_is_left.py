# wrong: all but one?
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    size = (max_connections - reserved - 1) // ((replicas + 1) * workers)
    if size < 1:
        raise ValueError("too few connections")
    return size
