# wrong: this engine keeps no pool
from sqlalchemy.pool import NullPool

engine = create_async_engine(settings.database_url.get_secret_value(), poolclass=NullPool)
session_factory = async_sessionmaker(engine, expire_on_commit=False)
