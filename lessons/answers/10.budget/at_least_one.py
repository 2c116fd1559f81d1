# wrong: what should a deployment do that cannot work?
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    return max(1, (max_connections - reserved) // ((replicas + 1) * workers))
