# right: a naming convention completes the short name; worth it from the second rule on, and a habit for all that come
from sqlalchemy import CheckConstraint, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Desk(DeclarativeBase):
    """Models of this cell only."""

    metadata = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})


class Handover(Desk):
    """What one shift tells the next."""

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("kind IN ('day', 'night')", name="kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="night")
    text: Mapped[str]
    author: Mapped[str | None]
