# wrong: which rules does the task ask for, and which one does this row break?
class Incident(Base):
    """Something is on fire, and somebody must look at it."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("severity IN ('minor', 'major', 'critical')", name="severity_known"),
        CheckConstraint("length(title) <= 80", name="title_short"),
    )
    __mapper_args__ = {"eager_defaults": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    severity: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="open")
    opened_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    changed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), onupdate=func.now()
    )
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)

    team: Mapped[Team] = relationship(lazy="raise")
