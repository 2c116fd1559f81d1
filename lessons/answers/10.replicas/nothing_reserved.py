# wrong: which connections may no pool take?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    return max(max_connections // (workers * (pool_size + max_overflow)) - 1, 0)
