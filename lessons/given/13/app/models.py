"""The tables of Nightwatch, as Python classes."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base

ASKS = text("nullif(current_setting('app.team', true), '')::int")
"""The team that asks, in SQL: whose row it is, where nothing else is said."""


class Team(Base):
    """People who are on call together."""

    __tablename__ = "team"
    __table_args__ = (CheckConstraint("escalate_after > 0", name="escalate_after_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    escalate_after: Mapped[int | None]
    channel: Mapped[str | None]
    time_zone: Mapped[str | None]

    users: Mapped[list["User"]] = relationship(back_populates="team", lazy="raise")


class User(Base):
    """Somebody who can be paged; `user` is a reserved word in SQL, so the table has two words."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("team_id", "id"), UniqueConstraint("team_id", "email"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    mobile: Mapped[str | None]
    login: Mapped[str]
    role: Mapped[str] = mapped_column(Enum("member", "lead", name="role"), server_default="member")
    password_hash: Mapped[str | None]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))

    team: Mapped[Team] = relationship(back_populates="users", lazy="raise")


class Incident(Base):
    """Something is on fire, and somebody must look at it."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("severity IN ('minor', 'major', 'critical')", name="severity_known"),
        UniqueConstraint("team_id", "id"),
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
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))

    __mapper_args__ = {"eager_defaults": True, "version_id_col": version}

    team: Mapped[Team] = relationship(lazy="raise")


Index(
    "ix_incident_unresolved",
    Incident.team_id,
    Incident.opened_at,
    postgresql_where=Incident.status != "resolved",
)


class Alert(Base):
    """What a monitor has sent; the same key from the same team is the same alert."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("team_id", "dedupe_key"),
        ForeignKeyConstraint(["team_id", "incident_id"], ["incident.team_id", "incident.id"]),
        CheckConstraint("jsonb_typeof(payload) = 'object'", name="payload_object"),
        CheckConstraint("jsonb_typeof(payload -> 'host') = 'string'", name="host_string"),
        Index("ix_alert_host", "team_id", "host", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dedupe_key: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    host: Mapped[str | None] = mapped_column(Computed("payload ->> 'host'", persisted=True))
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    incident_id: Mapped[int | None] = mapped_column(index=True)


class Event(Base):
    """A message of a monitor, as it came. It refers to nothing: with its month it is dropped."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_alert", "team_id", "dedupe_key", "received_at", "id"),
        {"postgresql_partition_by": "RANGE (received_at)"},
    )

    team_id: Mapped[int] = mapped_column(primary_key=True, server_default=ASKS)
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), primary_key=True, server_default=func.now()
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dedupe_key: Mapped[str]
    title: Mapped[str]
    severity: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))


class Acknowledgement(Base):
    """Who has taken an incident: one person at a time."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        UniqueConstraint("team_id", "incident_id"),
        ForeignKeyConstraint(["team_id", "incident_id"], ["incident.team_id", "incident.id"]),
        ForeignKeyConstraint(["team_id", "user_id"], ["user_account.team_id", "user_account.id"]),
    )
    __mapper_args__ = {"eager_defaults": True}

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    acknowledged_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    team_id: Mapped[int] = mapped_column(server_default=ASKS)
    incident_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(index=True)


status_known = CheckConstraint(
    Incident.status.in_(["open", "acknowledged", "resolved"]), name="status_known"
)
email_lower = CheckConstraint(User.email == func.lower(User.email), name="email_lower")


class Page(Base):
    """A message that wakes somebody for an incident; a worker sends it."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("team_id", "incident_id", "user_id"),
        ForeignKeyConstraint(["team_id", "incident_id"], ["incident.team_id", "incident.id"]),
        ForeignKeyConstraint(["team_id", "user_id"], ["user_account.team_id", "user_account.id"]),
        Index("ix_page_waiting", "team_id", "id", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    team_id: Mapped[int] = mapped_column(server_default=ASKS)
    incident_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(index=True)
