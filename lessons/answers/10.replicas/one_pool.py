# wrong: how many pools has one replica?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    return max((max_connections - reserved) // (pool_size + max_overflow) - 1, 0)
