# right: it counts first how many pools fit, then how many replicas; each of the two divisions has a name
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    pools = (max_connections - reserved) // (pool_size + max_overflow)
    replicas = pools // workers
    return replicas - 1 if replicas > 1 else 0
