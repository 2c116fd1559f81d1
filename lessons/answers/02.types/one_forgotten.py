# wrong: which column has no hint?
from sqlalchemy import Integer, String


class User(Base):
    """Somebody who can be paged; `user` is a reserved word in SQL, so the table has two words."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email = mapped_column(String, unique=True)
    phone: Mapped[str | None]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)

    team: Mapped[Team] = relationship(back_populates="users", lazy="raise")
