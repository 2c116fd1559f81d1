# right: `Optional[…]` in place of `| None`, and `Annotated` gives the key a name that other models can share
from typing import Annotated, Optional

key = Annotated[int, mapped_column(primary_key=True)]


class User(Base):
    """Somebody who can be paged."""

    __tablename__ = "user_account"

    id: Mapped[key]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[Optional[str]] = mapped_column(nullable=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)

    team: Mapped[Team] = relationship(back_populates="users", lazy="raise")
