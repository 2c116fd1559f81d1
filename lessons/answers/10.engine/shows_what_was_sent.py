# wrong: which of the given arguments hides what clients send?
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": {name: each for name, each in LIMITS.items()}},
)
