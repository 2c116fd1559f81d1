# wrong: which errors mean that there is no such team
from app.models import Team
from app.routers.users import Session
from app.schemas import Id
from fastapi import APIRouter, HTTPException

teams = APIRouter(prefix="/teams")


@teams.get("/{team_id}")
async def get_team(team_id: Id, session: Session) -> dict[str, int | str | None]:
    try:
        team = await session.get(Team, team_id)
        return {"id": team.id, "name": team.name}
    except Exception:
        raise HTTPException(404, f"There is no team {team_id}.") from None
