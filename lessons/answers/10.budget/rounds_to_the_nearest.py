# wrong: what do all pools hold together, where you round up?
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    size = int((max_connections - reserved) / ((replicas + 1) * workers) + 0.5)
    if size < 1:
        raise ValueError("too few")
    return size
