# wrong: where does the engine's address come from?
engine = create_async_engine("postgresql+asyncpg://postgres:postgres@localhost:1/app")
session_factory = async_sessionmaker(engine, expire_on_commit=False)
