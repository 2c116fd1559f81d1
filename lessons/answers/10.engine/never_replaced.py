# wrong: which of the given arguments replaces connections?
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    hide_parameters=True,
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS},
)
