# wrong: how many connections can a pool have while it overflows?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    return max((max_connections - reserved) // (workers * pool_size) - 1, 0)
