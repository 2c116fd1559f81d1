# wrong: which rules does the task ask for, and which one does this row break?
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Desk(DeclarativeBase):
    """Models of this cell only; without a naming convention."""


class Handover(Desk):
    """What one shift tells the next."""

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("kind IN ('day', 'night')", name="ck_handover_kind_known"),
        CheckConstraint("kind = 'day' OR author IS NULL", name="ck_handover_author_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="night")
    text: Mapped[str]
    author: Mapped[str | None]
