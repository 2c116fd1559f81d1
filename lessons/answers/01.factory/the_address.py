# wrong: An async session wants an async engine, and got something else
session_factory = async_sessionmaker(settings.database_url, expire_on_commit=False)
