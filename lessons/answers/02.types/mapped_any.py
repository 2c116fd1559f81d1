# wrong: which mistakes does a type checker find in a value that may be anything?
from typing import Any
from sqlalchemy import Integer, String


class User(Base):
    """Somebody who can be paged; `user` is a reserved word in SQL, so the table has two words."""

    __tablename__ = "user_account"
    id: Mapped[Any] = mapped_column(Integer, primary_key=True)
    name: Mapped[Any] = mapped_column(String)
    email: Mapped[Any] = mapped_column(String, unique=True)
    phone: Mapped[Any] = mapped_column(String)
    team_id: Mapped[Any] = mapped_column(ForeignKey("team.id"), index=True)
    team: Mapped[Team] = relationship(back_populates="users", lazy="raise")
