from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Alert(Base):
    """What a monitor has sent; the same key from the same team is the same alert."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("team_id", "dedupe_key"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dedupe_key: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), index=True)


class Acknowledgement(Base):
    """Who has taken an incident: one person at a time."""

    __tablename__ = "acknowledgement"
    __mapper_args__ = {"eager_defaults": True}

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    acknowledged_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)


status_known = CheckConstraint(
    Incident.status.in_(["open", "acknowledged", "resolved"]), name="status_known"
)
email_lower = CheckConstraint(User.email == func.lower(User.email), name="email_lower")
