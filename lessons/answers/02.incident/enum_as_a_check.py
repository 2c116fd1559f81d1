# right: a type of SQLAlchemy's makes the CHECK, and a column of eight characters at most; moments are rounded to seconds
from sqlalchemy import Enum
from sqlalchemy.dialects.postgresql import TIMESTAMP

KNOWN = "minor", "major", "critical"


class Incident(Base):
    """Something is on fire, and somebody must look at it."""

    __tablename__ = "incident"
    __mapper_args__ = {"eager_defaults": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    severity: Mapped[str] = mapped_column(
        Enum(*KNOWN, native_enum=False, create_constraint=True, name="severity_known")
    )
    status: Mapped[str] = mapped_column(server_default="open")
    opened_at: Mapped[datetime] = mapped_column(
        TIMESTAMP(True, precision=0), server_default=func.now()
    )
    changed_at: Mapped[datetime | None] = mapped_column(
        TIMESTAMP(True, precision=0), onupdate=func.now()
    )
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)

    team: Mapped[Team] = relationship(lazy="raise")
