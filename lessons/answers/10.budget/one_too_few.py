# wrong: how many pools share how many connections, at the worst moment?
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    size = (max_connections - reserved) // ((replicas + 1) * workers) - 1
    if size < 1:
        raise ValueError("too few")
    return size
