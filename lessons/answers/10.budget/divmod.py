# right: `divmod` divides, and the error comes first
def pool_size(max_connections: int, reserved: int, replicas: int, workers: int) -> int:
    """Return the largest pool for each worker of each replica, also during a deployment."""
    free, pools = max_connections - reserved, workers * replicas + workers
    if free < pools:
        raise ValueError(f"{pools} pools, {free} connections")
    return divmod(free, pools)[0]
