# right: a SELECT of two columns, so that the rest never leaves PostgreSQL; it is no object of the session any more
from typing import Annotated

from app.database import get_db
from app.models import Team
from app.schemas import Id
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

Session = Annotated[AsyncSession, Depends(get_db)]
teams = APIRouter(prefix="/teams")


@teams.get("/{team_id}")
async def get_team(team_id: Id, session: Session) -> dict[str, int | str | None]:
    query = select(Team.id, Team.name).where(Team.id == team_id)
    team = (await session.execute(query)).first()
    if team is None:
        raise HTTPException(404, f"There is no team {team_id}.")
    return {"id": team.id, "name": team.name}
