# wrong: makes sessions whose methods can be awaited?
from sqlalchemy.orm import sessionmaker

session_factory = sessionmaker(engine.sync_engine, expire_on_commit=False)
