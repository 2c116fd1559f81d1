# wrong: can a service have fewer replicas than none?
def most_replicas(
    max_connections: int, reserved: int, workers: int, pool_size: int, max_overflow: int
) -> int:
    return (max_connections - reserved) // (workers * (pool_size + max_overflow)) - 1
