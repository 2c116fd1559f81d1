# wrong: does it return replicas, or their workers?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    found = (max_connections - reserved) // (workers * (pool_size + max_overflow)) - 1
    return max(found, 0) * workers
