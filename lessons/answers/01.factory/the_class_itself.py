# wrong: what does a call of this class give, and with what is it called here?
session_factory = async_sessionmaker
