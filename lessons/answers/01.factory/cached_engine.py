# wrong: it is a _lru_cache_wrapper
from functools import lru_cache
@lru_cache
def engine():
    return create_async_engine(settings.database_url.get_secret_value())
session_factory = async_sessionmaker(engine(), expire_on_commit=False)
