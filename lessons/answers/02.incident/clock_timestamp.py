# right: a regular expression in place of `IN`, the clock at the INSERT in place of the start of the transaction, and Python gives the moment of a change
from datetime import UTC

from sqlalchemy import text


class Incident(Base):
    """Something is on fire, and somebody must look at it."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("severity ~ '^(minor|major|critical)$'", name="severity_known"),
    )
    __mapper_args__ = {"eager_defaults": True}
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    severity: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="open")
    opened_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )
    changed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), onupdate=lambda: datetime.now(UTC)
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)

    team: Mapped[Team] = relationship(lazy="raise")
