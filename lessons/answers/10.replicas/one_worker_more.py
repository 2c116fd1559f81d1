# wrong: how many pools has the one replica more?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    free, of_pool = max_connections - reserved, pool_size + max_overflow
    return max((free - of_pool) // (workers * of_pool), 0)
