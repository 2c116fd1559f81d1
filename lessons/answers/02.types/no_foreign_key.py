# wrong: which column points at the other table
class User(Base):
    """Somebody who can be paged."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str | None]
    team_id: Mapped[int]

    team: Mapped[Team] = relationship(back_populates="users", lazy="raise")
