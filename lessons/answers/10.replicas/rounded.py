# wrong: what do all of them hold together, where you round up?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    found = round((max_connections - reserved) / (workers * (pool_size + max_overflow))) - 1
    return max(found, 0)
