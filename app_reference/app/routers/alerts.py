"""Alerts over HTTP: what monitors send."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, HTTPException, Request, Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import ClientDisconnect

from app import ndjson, rules
from app.database import TEAM, read, transact
from app.models import Alert
from app.repositories import alerts, events, incidents
from app.schemas import AlertIn, AlertOut, AlertShown, AlertsQuery, BulkOut, LineError

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
        await events.add(session, new)
        return await _take_in(session, new)

    taken = await transact(work)
    response.status_code = 201 if taken.effect == "opened" else 200
    return taken


async def _take_in(session: AsyncSession, new: AlertIn) -> AlertOut:
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


MOST, LARGEST = 20, 2**30
"""Errors that one answer names, and bytes that one request may send."""
TEXT = {"schema": {"type": "string"}}
LINES = {"content": {ndjson.MEDIA_TYPE: TEXT, "text/plain": TEXT}}


@router.post(
    "/bulk", response_model=BulkOut, max_body_size=LARGEST, openapi_extra={"requestBody": LINES}
)
async def take_in_bulk(request: Request) -> BulkOut:
    """Take in alerts, an object a line, as if each had been sent alone; name what is refused.

    A file may be sent again: what is known opens nothing, and is one event more.
    """
    said = BulkOut()
    try:
        async for batch in ndjson.batches(request.stream()):
            if good := [alert for line in batch if (alert := _alert(line, said))]:
                said.new += await transact(partial(_take_in_all, new=good))
    except ClientDisconnect as error:
        raise HTTPException(400, "The request has broken off.") from error
    return said


def _alert(line: ndjson.Line, said: BulkOut) -> AlertIn | None:
    """Read one line, and say in the answer what is wrong with it."""
    said.lines += 1
    try:
        return _own(line.text)
    except ValueError as error:
        said.refused += 1
        if len(said.errors) < MOST:
            said.errors.append(LineError(line=line.number, message=_reason(error)))
    return None


def _own(text: bytes) -> AlertIn:
    if len(text) > ndjson.LONGEST:
        raise ValueError(f"A line has {ndjson.LONGEST} bytes at most.")
    alert = AlertIn.model_validate_json(text)
    if alert.team_id != TEAM.get():
        raise ValueError("That belongs to another team, or there is no such team.")
    return alert


def _reason(error: ValueError) -> str:
    """Say it in a sentence; what was sent is not repeated."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(map(str, first["loc"]))[:100]
    return f"{field}: {first['msg']}" if field else first["msg"]


async def _take_in_all(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    stored = await alerts.store(session, new)
    await events.add_all(session)
    await incidents.open_new(session)
    for line in await incidents.changed(session):
        await _take_in(session, new[line])
    return stored
