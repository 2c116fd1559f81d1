# wrong: which factory of SQLAlchemy's can also begin one?
def session_factory() -> AsyncSession:
    return AsyncSession(bind=engine, expire_on_commit=False, autoflush=True)
