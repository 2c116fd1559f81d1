# right: a plain function in place of async_sessionmaker
def session_factory() -> AsyncSession:
    return AsyncSession(bind=engine, expire_on_commit=False, autoflush=True)
