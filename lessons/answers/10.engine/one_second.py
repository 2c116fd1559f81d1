# wrong: which argument says how long a request waits for a connection?
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=1,
    connect_args={"server_settings": LIMITS},
)
