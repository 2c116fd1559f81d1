# wrong: what does AUTOCOMMIT leave to roll back?
session_factory = async_sessionmaker(
    engine.execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False
)
