# wrong: is there room for that one, and for the one more of a roll-out?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    return max((max_connections - reserved) // (workers * (pool_size + max_overflow)) - 1, 1)
