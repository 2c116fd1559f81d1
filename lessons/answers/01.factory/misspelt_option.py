# wrong: unexpected keyword argument 'expire_after_commit'
session_factory = async_sessionmaker(engine, expire_after_commit=False)
