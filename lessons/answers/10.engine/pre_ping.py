# right: the pool also asks each connection whether it lives before it lends it; `server_settings` gets a copy of the limits
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    hide_parameters=True,
    pool_recycle=180,
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    pool_pre_ping=True,
    connect_args={"server_settings": {name: each for name, each in LIMITS.items()}},
)
