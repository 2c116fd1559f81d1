# wrong: which setting says how many connections the pool holds?
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=5,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS},
)
