# wrong: all but one?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    of_one = workers * (pool_size + max_overflow)
    replicas = 0
    while (replicas + 2) * of_one < max_connections - reserved:
        replicas += 1
    return replicas
