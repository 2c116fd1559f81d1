# wrong: no phone was given: where does this one come from?
class User(Base):
    """Somebody who can be paged; `user` is a reserved word in SQL, so the table has two words."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str | None] = mapped_column(server_default="")
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)

    team: Mapped[Team] = relationship(back_populates="users", lazy="raise")
