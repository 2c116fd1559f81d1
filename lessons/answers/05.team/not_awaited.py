# wrong: Put `await` before that call
from typing import Annotated

from app.database import get_db
from app.models import Team
from app.schemas import Id
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

Session = Annotated[AsyncSession, Depends(get_db)]
teams = APIRouter(prefix="/teams")


@teams.get("/{team_id}")
async def get_team(team_id: Id, session: Session) -> dict[str, int | str | None]:
    team = session.get(Team, team_id)
    if team is None:
        raise HTTPException(404, f"There is no team {team_id}.")
    return {"id": team.id, "name": team.name}
