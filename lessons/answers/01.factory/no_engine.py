# wrong: how does the factory learn where connections come from?
session_factory = async_sessionmaker(expire_on_commit=False)
