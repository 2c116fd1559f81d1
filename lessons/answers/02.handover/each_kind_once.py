# wrong: may two shifts be of the same kind?
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Desk(DeclarativeBase):
    """Models of this cell only; without a naming convention."""


class Handover(Desk):
    """What one shift tells the next."""

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("kind IN ('day', 'night')", name="ck_handover_kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="night", unique=True)
    text: Mapped[str]
    author: Mapped[str | None]
