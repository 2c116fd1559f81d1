# right: `sessionmaker` with `class_=AsyncSession`, as it was before SQLAlchemy 2.0; a type checker (notebook 02) refuses the line
from sqlalchemy.orm import sessionmaker

session_factory = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
