# right: a schema out, which `/docs` knows and a later field must be added to; a class more for two fields
from typing import Annotated

from app.database import get_db
from app.models import Team
from app.schemas import Id
from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

Session = Annotated[AsyncSession, Depends(get_db)]
teams = APIRouter(prefix="/teams")


class TeamShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


@teams.get("/{team_id}", response_model=TeamShown)
async def get_team(team_id: Id, session: Session) -> Team:
    team = await session.get(Team, team_id)
    if team is None:
        raise HTTPException(404, f"There is no team {team_id}.")
    return team
