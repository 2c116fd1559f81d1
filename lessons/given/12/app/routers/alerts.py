"""Alerts over HTTP: what monitors send."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import rules
from app.database import read, transact
from app.models import Alert
from app.repositories import alerts, incidents
from app.schemas import AlertIn, AlertOut, AlertShown, AlertsQuery

router = APIRouter(prefix="/alerts", tags=["alerts"])
DISK = {"team_id": 1, "dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}
Signal = Annotated[AlertIn, Body(examples=[DISK | {"payload": {"host": "db-1", "free": "0 B"}}])]


@router.get("", response_model=list[AlertShown])
async def list_alerts(page: AlertsQuery) -> Sequence[alerts.Shown]:
    """Show one page of what a host has sent, the newest first, from the first before this one."""
    return await read(lambda db: alerts.of_host(db, page.host, page.before, page.limit))


@router.post("", response_model=AlertOut, status_code=201, responses={200: {"model": AlertOut}})
async def take_in_alert(new: Signal, response: Response) -> AlertOut:
    """Take in an alert: it opens an incident, or makes its own worse, or changes nothing."""

    async def work(session: AsyncSession) -> AlertOut:
        alert, is_new = await alerts.take_in(session, new)
        effect: rules.Effect = "opened" if is_new else await _repeat(session, alert, new)
        if effect == "opened":
            await incidents.open_for(session, alert, new)
        return AlertOut(
            id=alert.id,
            team_id=alert.team_id,
            dedupe_key=alert.dedupe_key,
            received_at=alert.received_at,
            incident_id=alert.incident_id,
            effect=effect,
        )

    taken = await transact(work)
    response.status_code = 201 if taken.effect == "opened" else 200
    return taken


async def _repeat(session: AsyncSession, alert: Alert, new: AlertIn) -> rules.Effect:
    """Raise the severity where it is higher now, and say what happens; locked is what changes."""
    effect = rules.effect(await incidents.of_alert(session, alert), new.severity)
    if effect == "repeated":
        return effect
    incident = await incidents.of_alert_to_change(session, alert)
    effect = rules.effect(incident, new.severity)
    if incident is not None and effect == "raised":
        incident.severity = new.severity
    return effect
