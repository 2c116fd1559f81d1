# right: a SELECT of two columns, so that the rest never leaves PostgreSQL; it is no object of the session any more
from app.models import Team
from app.routers.users import Session
from app.schemas import Id
from fastapi import APIRouter, HTTPException
from sqlalchemy import select

teams = APIRouter(prefix="/teams")


@teams.get("/{team_id}")
async def get_team(team_id: Id, session: Session) -> dict[str, int | str | None]:
    query = select(Team.id, Team.name).where(Team.id == team_id)
    team = (await session.execute(query)).first()
    if team is None:
        raise HTTPException(404, f"There is no team {team_id}.")
    return {"id": team.id, "name": team.name}
