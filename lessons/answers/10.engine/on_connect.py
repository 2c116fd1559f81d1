# right: the limits are set when a connection is opened
from sqlalchemy import event

engine = create_async_engine(
    settings.database_url.get_secret_value(),
    hide_parameters=True,
    pool_recycle=180,
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
)


@event.listens_for(engine.sync_engine, "connect")
def limit(connection, _) -> None:
    """Set the limits of a new connection."""
    cursor = connection.cursor()
    for name, value in LIMITS.items():
        cursor.execute(f"SET {name} = '{value}'")
    connection.commit()
    cursor.close()
