# right: a type of SQLAlchemy's makes a column of text with its rule; Python sends a wrong kind on, and raises `LookupError` where it reads one
from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


KIND = Enum(
    "day", "night", native_enum=False, create_constraint=True, name="ck_handover_kind_known"
)


class Desk(DeclarativeBase):
    """Models of this cell only; without a naming convention."""


class Handover(Desk):
    """What one shift tells the next."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(KIND, server_default="night")
    text: Mapped[str]
    author: Mapped[str | None]
