# wrong: where does the engine's address come from?
from sqlalchemy import make_url

url = make_url(settings.database_url.get_secret_value()).set(database="app_of_somebody")
engine = create_async_engine(url)
session_factory = async_sessionmaker(engine, expire_on_commit=False)
