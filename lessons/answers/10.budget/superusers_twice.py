# wrong: are the three of the superusers not among `reserved` already?
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    size = (max_connections - 3 - reserved) // ((replicas + 1) * workers)
    if size < 1:
        raise ValueError("too few")
    return size
