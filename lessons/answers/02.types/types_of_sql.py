# wrong: is that a type of Python's values, or of a column in SQL?
from sqlalchemy import Integer, String


class User(Base):
    """Somebody who can be paged; `user` is a reserved word in SQL, so the table has two words."""

    __tablename__ = "user_account"

    id: Mapped[Integer] = mapped_column(Integer, primary_key=True)
    name: Mapped[String] = mapped_column(String)
    email: Mapped[String] = mapped_column(String, unique=True)
    phone: Mapped[String | None] = mapped_column(String)
    team_id: Mapped[Integer] = mapped_column(ForeignKey("team.id"), index=True)

    team: Mapped[Team] = relationship(back_populates="users", lazy="raise")
