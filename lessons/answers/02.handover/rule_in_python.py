# wrong: who keeps the rule when Python is not asked?
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates


class Desk(DeclarativeBase):
    """Models of this cell only; without a naming convention."""


class Handover(Desk):
    """What one shift tells the next."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="night")
    text: Mapped[str]
    author: Mapped[str | None]

    @validates("kind")
    def known(self, _: str, kind: str) -> str:
        if kind not in ("day", "night"):
            raise ValueError(kind)
        return kind
