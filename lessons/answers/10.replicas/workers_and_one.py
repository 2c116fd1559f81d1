# wrong: what is there one more of during a roll-out
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    """Return how many replicas there may be, so that one more fits too; 0 if there is no room."""
    return max(0, (max_connections - reserved) // ((workers + 1) * (pool_size + max_overflow)))
