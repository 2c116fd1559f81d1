# wrong: what is there one more of during a roll-out: replicas, or workers?
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    size = (max_connections - reserved) // (replicas * (workers + 1))
    if size < 1:
        raise ValueError("not one connection for each worker")
    return size
