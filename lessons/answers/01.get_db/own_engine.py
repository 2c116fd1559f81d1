# wrong: how many engines should an app have
async def get_db():
    own = create_async_engine(settings.database_url.get_secret_value())
    async with async_sessionmaker(own, expire_on_commit=False).begin() as session:
        yield session
    await own.dispose()
