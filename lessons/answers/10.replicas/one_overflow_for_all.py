# wrong: whose is the overflow: a replica's, or that of each pool?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    of_one = workers * pool_size + max_overflow
    return max((max_connections - reserved) // of_one - 1, 0)
