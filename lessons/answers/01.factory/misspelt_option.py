# wrong: which word of that message is a word of yours?
session_factory = async_sessionmaker(engine, expire_after_commit=False)
