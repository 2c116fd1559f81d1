# wrong: which rules does the task ask for, and which one does this row break?
from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Desk(DeclarativeBase):
    """Models of this cell only; without a naming convention."""


class Handover(Desk):
    """What one shift tells the next."""

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("kind IN ('day', 'night')", name="ck_handover_kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="night")
    text: Mapped[str] = mapped_column(String(200))
    author: Mapped[str | None]
