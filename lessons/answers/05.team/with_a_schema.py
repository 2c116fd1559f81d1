# right: a schema out, which `/docs` knows and a later field must be added to; a class more for two fields
from app.models import Team
from app.routers.users import Session
from app.schemas import Id
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict

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
