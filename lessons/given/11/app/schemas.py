from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class IncidentOut(BaseModel):
    """What everybody may know about an incident."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    severity: Severity
    status: Literal["open", "acknowledged", "resolved"]
    opened_at: datetime
    team_id: int
    version: int


class ClaimIn(BaseModel):
    """Who takes an incident over, and in which version they saw it."""

    model_config = ConfigDict(extra="forbid")

    user_id: Id
    version: Id


class IncidentsIn(BaseModel):
    """Which incidents are meant."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
