# wrong: what does `python -O` make of an `assert`?
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    at_most = workers * (replicas + 1)
    size, _ = divmod(max_connections - reserved, at_most)
    assert size > 0
    return size
