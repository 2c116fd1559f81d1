# wrong: what does the task want where there is no room?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    found = (max_connections - reserved) // (workers * (pool_size + max_overflow)) - 1
    if found < 1:
        raise ValueError("There are not enough connections.")
    return found
