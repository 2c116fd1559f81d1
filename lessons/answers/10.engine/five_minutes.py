# wrong: which value does the engine send for this one?
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS | {"statement_timeout": "5min"}},
)
