"""Teams over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, HTTPException

from app.database import read, transact
from app.models import Team
from app.repositories import teams
from app.schemas import Id, PageQuery, TeamIn, TeamOut

router = APIRouter(prefix="/teams", tags=["teams"])
NewTeam = Annotated[TeamIn, Body(examples=[{"name": "night"}])]


@router.get("", response_model=list[TeamOut])
async def list_teams(page: PageQuery) -> Sequence[teams.Shown]:
    """Show one page of teams by id, from the first after this one."""
    return await read(lambda db: teams.page(db, page.after, page.limit))


@router.get("/{team_id}", response_model=TeamOut)
async def get_team(team_id: Id) -> teams.Shown:
    """Show one team."""
    team = await read(lambda db: teams.get(db, team_id))
    if team is None:
        raise HTTPException(404, f"There is no team {team_id}.")
    return team


@router.post("", response_model=TeamOut, status_code=201)
async def add_team(new: NewTeam) -> Team:
    """Add a team, and show what was stored."""
    return await transact(lambda session: teams.add(session, new))
