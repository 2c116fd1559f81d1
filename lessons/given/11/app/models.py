from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship


class Incident(Base):
    """Something is on fire, and somebody must look at it."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("severity IN ('minor', 'major', 'critical')", name="severity_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    severity: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="open")
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    changed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), onupdate=func.now()
    )
    version: Mapped[int] = mapped_column(server_default="1")
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)

    __mapper_args__ = {"eager_defaults": True, "version_id_col": version}

    team: Mapped[Team] = relationship(lazy="raise")


class Page(Base):
    """A message that wakes somebody for an incident; a worker sends it."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("incident_id", "user_id"),
        Index("ix_page_waiting", "id", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
