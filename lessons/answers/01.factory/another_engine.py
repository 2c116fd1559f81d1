# wrong: how many engines, and so how many pools
session_factory = async_sessionmaker(
    create_async_engine(settings.database_url.get_secret_value()), expire_on_commit=False
)
