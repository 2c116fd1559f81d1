# wrong: can a plain `def` await a commit?
def get_db():
    session = session_factory()
    yield session
    session.commit()
