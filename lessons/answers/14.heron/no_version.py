# wrong: what else did this place do before you changed it?
# tests/test_heron.py
import asyncio

from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import own_team

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}


async def test_heron(live: AsyncClient, owner: AsyncEngine) -> None:
    """What would have caught it."""
    alert = ALERT | {"team_id": await own_team(live)}
    incident_id = (await live.post("/alerts", json=alert)).json()["incident_id"]
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with owner.connect() as gate:
        await gate.execute(text("LOCK TABLE incident IN SHARE MODE"))
        put = [live.put(f"/incidents/{incident_id}/resolution") for _ in range(2)]
        sent = [asyncio.create_task(each) for each in put]
        async with asyncio.timeout(5):
            while await gate.scalar(waiting) < 2:
                await asyncio.sleep(0.01)
    assert [(await each).status_code for each in sent] == [200, 200]


# app/models.py
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

    __mapper_args__ = {"eager_defaults": True}

    team: Mapped[Team] = relationship(lazy="raise")
