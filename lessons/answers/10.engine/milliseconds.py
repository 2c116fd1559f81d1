# wrong: which unit has a number that comes without one?
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS | {"lock_timeout": "2"}},
)
