# wrong: the type of the column refuses other kinds
from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Desk(DeclarativeBase):
    """Models of this cell only; without a naming convention."""


class Handover(Desk):
    """What one shift tells the next."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Enum("day", "night", name="kind"), server_default="night")
    text: Mapped[str]
    author: Mapped[str | None]
