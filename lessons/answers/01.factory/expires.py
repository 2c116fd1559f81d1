# wrong: which option of the factory says what a commit forgets?
session_factory = async_sessionmaker(engine)
