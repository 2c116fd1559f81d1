# wrong: which does Python do first in `a // b * c`?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    of_one = pool_size + max_overflow
    return max((max_connections - reserved) // workers * of_one - 1, 0)
