"""Alerts over HTTP: what monitors send."""

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import transact
from app.models import Alert
from app.repositories import alerts, incidents
from app.schemas import AlertIn, AlertOut

router = APIRouter(prefix="/alerts", tags=["alerts"])


@router.post("", response_model=AlertOut, status_code=201, responses={200: {"model": AlertOut}})
async def take_in_alert(new: AlertIn, response: Response) -> Alert:
    """Take in an alert and open an incident for it; the same alert again changes nothing."""

    async def work(session: AsyncSession) -> Alert:
        alert, is_new = await alerts.take_in(session, new)
        if is_new:
            alert.incident_id = (await incidents.open_for(session, new)).id
        else:
            response.status_code = 200
        return alert

    return await transact(work)
