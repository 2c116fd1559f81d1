# wrong: which argument says how many connections come on top of `pool_size`?
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=settings.pool_size,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS},
)
