"""Teams over HTTP."""

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException

from app.database import read
from app.repositories import teams
from app.schemas import Id, PageQuery, TeamOut

router = APIRouter(prefix="/teams", tags=["teams"])


@router.get("", response_model=list[TeamOut])
async def list_teams(page: PageQuery) -> Sequence[teams.Shown]:
    """Show one page of the teams that who asks may see: their own."""
    return await read(lambda db: teams.page(db, page.after, page.limit))


@router.get("/{team_id}", response_model=TeamOut)
async def get_team(team_id: Id) -> teams.Shown:
    """Show one team."""
    team = await read(lambda db: teams.get(db, team_id))
    if team is None:
        raise HTTPException(404, f"There is no team {team_id}.")
    return team
