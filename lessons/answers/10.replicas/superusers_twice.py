# wrong: are those for superusers not among `reserved` already?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    free = max_connections - reserved - 3
    return max(free // (workers * (pool_size + max_overflow)) - 1, 0)
